// The same program, run by qemu-system-arm's MPS2-AN500 and by the machine, prints the same text.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "guest_program.h"
#include "qemu.h"

namespace sim {
namespace {

/// Prints a CRC of what many instructions make of pseudo-random operands, group by group.
constexpr const char* kProgram = R"code(
#include <arm_acle.h>
#include <stdint.h>

static void put(char c) {
  register int r0 __asm__("r0") = 3;
  register const void* r1 __asm__("r1") = &c;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}
static void put_hex(const char* name, uint32_t x) {
  while (*name) put(*name++);
  put(' ');
  for (int i = 28; i >= 0; i -= 4) put("0123456789abcdef"[x >> i & 15]);
  put('\n');
}

static uint32_t state = 12345, crc;
static uint32_t next(void) {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}
static void add(uint32_t x) {
  crc ^= x;
  for (int i = 0; i < 32; ++i) crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
}
static void add64(uint64_t x) { add((uint32_t)x); add((uint32_t)(x >> 32)); }
#define GROUP(name) put_hex(name, crc); crc = 0

#define DSP2(op) { uint32_t r; __asm__ volatile(op " %0, %1, %2\n mrs r3, apsr" : "=r"(r) : "r"(a), "r"(b) : "r3", "cc"); add(r); }
#define DSP3(op) { uint32_t r; __asm__ volatile(op " %0, %1, %2, %3" : "=r"(r) : "r"(a), "r"(b), "r"(c) : "cc"); add(r); }
#define GE2(op) { uint32_t r; __asm__ volatile(op " %0, %1, %2\n sel %0, %1, %2" : "=&r"(r) : "r"(a), "r"(b) : "cc"); add(r); }
#define LONG(op) { uint32_t l = b, h = c; __asm__ volatile(op " %0, %1, %2, %3" : "+r"(l), "+r"(h) : "r"(a), "r"(b) : "cc"); add(l); add(h); }
#define F2(op) { float r; __asm__ volatile(op ".f32 %0, %1, %2" : "=t"(r) : "t"(x), "t"(y)); add(bits(r)); }
#define F3(op) { float r = z; __asm__ volatile(op ".f32 %0, %1, %2" : "+t"(r) : "t"(x), "t"(y)); add(bits(r)); }
#define F1(op) { float r; __asm__ volatile(op " %0, %1" : "=t"(r) : "t"(x)); add(bits(r)); }
#define D2(op) { double r; __asm__ volatile(op ".f64 %P0, %P1, %P2" : "=w"(r) : "w"(dx), "w"(dy)); add64(bits64(r)); }
#define D3(op) { double r = dz; __asm__ volatile(op ".f64 %P0, %P1, %P2" : "+w"(r) : "w"(dx), "w"(dy)); add64(bits64(r)); }

static uint32_t bits(float f) { union { float f; uint32_t u; } v = {f}; return v.u; }
static uint64_t bits64(double f) { union { double f; uint64_t u; } v = {f}; return v.u; }
static float from(uint32_t u) { union { uint32_t u; float f; } v = {u}; return v.f; }
static double from64(uint64_t u) { union { uint64_t u; double f; } v = {u}; return v.f; }

int main(void) {
  for (int i = 0; i < 500; ++i) {
    uint32_t a = next(), b = next(), c = next();
    DSP2("qadd") DSP2("qsub") DSP2("qdadd") DSP2("qdsub") DSP2("qadd16") DSP2("qsub8") DSP2("shadd16") DSP2("uhsub8")
    DSP2("smulbb") DSP2("smulbt") DSP2("smultb") DSP2("smultt") DSP2("smuad") DSP2("smusdx") DSP2("smmulr")
    DSP2("sxtab16") DSP2("uxtab") DSP2("pkhbt") DSP2("usad8") DSP2("smulwb") DSP2("smulwt")
  }
  GROUP("dsp2");
  for (int i = 0; i < 500; ++i) {
    uint32_t a = next(), b = next(), c = next();
    DSP3("smlad") DSP3("smladx") DSP3("smlsd") DSP3("smlabb") DSP3("smlatt") DSP3("smlawb") DSP3("smmla") DSP3("smmls")
    DSP3("usada8") DSP3("mla") DSP3("mls")
    LONG("smlald") LONG("smlaldx") LONG("smlal") LONG("umlal") LONG("umaal") LONG("smlalbb") LONG("smlsld")
  }
  GROUP("dsp3");
  for (int i = 0; i < 500; ++i) {
    uint32_t a = next(), b = next();
    GE2("sadd16") GE2("uadd8") GE2("ssub16") GE2("usub8") GE2("sasx") GE2("ssax")
    uint32_t r;
    __asm__("ssat %0, #11, %1, asr #3" : "=r"(r) : "r"(a)); add(r);
    __asm__("usat %0, #7, %1, lsl #2" : "=r"(r) : "r"(a)); add(r);
    __asm__("ssat16 %0, #5, %1" : "=r"(r) : "r"(a)); add(r);
    __asm__("rbit %0, %1" : "=r"(r) : "r"(a)); add(r);
    __asm__("rev16 %0, %1" : "=r"(r) : "r"(a)); add(r);
    __asm__("clz %0, %1" : "=r"(r) : "r"(a >> (b & 31))); add(r);
    __asm__("bfi %0, %1, #5, #9" : "+r"(r) : "r"(a)); add(r);
    __asm__("sbfx %0, %1, #5, #9" : "=r"(r) : "r"(a)); add(r);
    add(a / (b >> (a & 31) | 1)); add((int32_t)a / ((int32_t)b >> (a & 31) | 1));
    __asm__("sdiv %0, %1, %2" : "=r"(r) : "r"(a), "r"(0)); add(r);
  }
  GROUP("saturate, bits, divide");
  for (int i = 0; i < 1000; ++i) {
    // Near each other in size, so that sums mean something; every sixteenth as wild as bits can be.
    uint32_t mask = i % 16 ? 0x83ffffffu : 0xffffffffu, near = i % 16 ? 0x3c000000u : 0;
    float x = from((next() & mask) | near), y = from((next() & mask) | near), z = from((next() & mask) | near);
    F2("vadd") F2("vsub") F2("vmul") F2("vdiv") F2("vnmul") F2("vmaxnm") F2("vminnm")
    F3("vmla") F3("vmls") F3("vnmla") F3("vfma") F3("vfms") F3("vfnma")
    F1("vsqrt.f32") F1("vabs.f32") F1("vneg.f32") F1("vrintz.f32") F1("vrinta.f32") F1("vrintn.f32") F1("vrintp.f32")
    F1("vrintx.f32") F1("vcvt.s32.f32") F1("vcvt.u32.f32") F1("vcvtr.s32.f32") F1("vcvta.s32.f32") F1("vcvtm.s32.f32")
    F1("vcvt.f32.s32") F1("vcvt.f32.u32")
    float r = x;
    __asm__("vcvt.s32.f32 %0, %0, #7" : "+t"(r)); add(bits(r));
    r = x;
    __asm__("vcvt.f32.u16 %0, %0, #3" : "+t"(r)); add(bits(r));
    uint32_t flags;
    __asm__("vcmpe.f32 %1, %2\n vmrs apsr_nzcv, fpscr\n mrs %0, apsr" : "=r"(flags) : "t"(x), "t"(y) : "cc");
    add(flags & 0xf0000000);
    __asm__("vcmp.f32 %1, %2\n vmrs apsr_nzcv, fpscr\n vselgt.f32 %0, %1, %2" : "=&t"(r) : "t"(x), "t"(y) : "cc");
    add(bits(r));
  }
  GROUP("single");
  for (int i = 0; i < 1000; ++i) {
    uint64_t mask = i % 16 ? 0x83ffffffffffffffu : ~0ull, near = i % 16 ? 0x3c00000000000000u : 0;
    double dx = from64((((uint64_t)next() << 32 | next()) & mask) | near);
    double dy = from64((((uint64_t)next() << 32 | next()) & mask) | near);
    double dz = from64((((uint64_t)next() << 32 | next()) & mask) | near);
    D2("vadd") D2("vsub") D2("vmul") D2("vdiv") D2("vmaxnm") D2("vminnm") D3("vmla") D3("vfma") D3("vfnms")
    double r;
    __asm__("vsqrt.f64 %P0, %P1" : "=w"(r) : "w"(dx)); add64(bits64(r));
    __asm__("vrintm.f64 %P0, %P1" : "=w"(r) : "w"(dx)); add64(bits64(r));
    float s;
    __asm__("vcvt.f32.f64 %0, %P1" : "=t"(s) : "w"(dx)); add(bits(s));
    __asm__("vcvt.f64.f32 %P0, %1" : "=w"(r) : "t"(s)); add64(bits64(r));
    __asm__("vcvt.s32.f64 %0, %P1" : "=t"(s) : "w"(dy)); add(bits(s));
    __asm__("vcvt.f64.u32 %P0, %1" : "=w"(r) : "t"(s)); add64(bits64(r));
  }
  GROUP("double");
  return 0;
}
)code";

TEST(Qemu, ComputesWhatTheMachineComputes) {
  if (!test::has_qemu()) GTEST_SKIP() << "qemu-system-arm is absent";
  const test::Build how = {.board = "mps2-an500", .c = true, .flags = "-Wno-maybe-uninitialized"};
  test::Outcome outcome = test::run(kProgram, how);
  EXPECT_EQ(outcome.result.end, RunEnd::kExit);
  const std::string& ours = outcome.console;
  EXPECT_THAT(ours, ::testing::HasSubstr("double "));
  EXPECT_EQ(ours, test::qemu_says(test::build(kProgram, how)));
}

}  // namespace
}  // namespace sim
