// The trace's tables as CSV, each row a line (RFC 4180).
#include <array>
#include <iterator>
#include <string>

#include "traces/exporters/exporters.h"
#include "traces/roofline.h"
#include "traces/summary.h"
#include "traces/text.h"

namespace traces {
namespace {

/// One line in the making.
class Row {
 public:
  Row& operator<<(std::string_view text) {
    separate();
    const std::string clean = printable(text);
    if (clean.find_first_of(",\"") == std::string::npos) {
      line_ += clean;
      return *this;
    }
    line_ += '"';
    for (const char c : clean) line_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    line_ += '"';
    return *this;
  }
  Row& operator<<(const std::string& text) { return *this << std::string_view(text); }
  Row& operator<<(const char* text) { return *this << std::string_view(text); }
  Row& operator<<(std::uint64_t n) { return number(fmt::format("{}", n)); }
  Row& operator<<(std::int64_t n) { return number(fmt::format("{}", n)); }
  Row& operator<<(std::uint32_t n) { return *this << std::uint64_t{n}; }
  Row& operator<<(std::int32_t n) { return *this << std::int64_t{n}; }
  Row& operator<<(double n) { return number(fmt::format("{:.6g}", n)); }
  Row& operator<<(const isa::CauseCycles& causes) {
    for (const std::uint64_t cycles : causes.by) *this << cycles;
    return *this;
  }
  Row& address(std::uint32_t address) { return number(fmt::format("0x{:08x}", address)); }
  Row& pc(std::uint32_t pc) { return pc == 0 ? *this << "" : address(pc); }
  /// Empty where it never came.
  Row& cycle(std::uint64_t cycle) { return cycle == kNever ? *this << "" : *this << cycle; }
  /// Empty where it is negative: none.
  Row& index(std::int32_t index) { return index < 0 ? *this << "" : *this << index; }

  /// The line with its end.
  std::string_view take() {
    taken_ = line_ + "\n";
    line_.clear();
    is_first_ = true;
    return taken_;
  }

 private:
  void separate() {
    if (!is_first_) line_ += ',';
    is_first_ = false;
  }
  Row& number(const std::string& digits) {
    separate();
    line_ += digits;
    return *this;
  }

  std::string line_, taken_;
  bool is_first_ = true;
};

struct Table {
  const char* name;
  const char* columns;
  bool has_causes;  ///< a column for each cause at the end
  std::size_t (*rows)(const Trace& trace);
  void (*write)(const Trace& trace, std::size_t i, Row& row);
  bool (*is_in)(const Trace& trace, std::size_t i) = nullptr;  ///< none: every row is
};

void write_region(const Trace& trace, std::size_t i, Row& row) {
  const Region& region = trace.regions[i];
  row << std::uint64_t{i} << region.name << region.kind;
  row.address(region.base) << region.bytes << (region.writable ? 1 : 0);
}

void write_step(const Trace& trace, std::size_t i, Row& row) {
  const Step& step = trace.steps[i];
  const StepLimits limits = limits_of(step, trace.about.macs_per_cycle);
  row << std::uint64_t{i} << step.id << trace.text(step.op) << trace.text(step.name)
      << trace.text(step.phase);
  row.index(step.patch) << step.begin << step.end << step.end - step.begin << step.macs
                        << limits.cycles_per_mac;
  row << to_string(limits.bound) << step.counts.instructions << step.counts.loads << step.counts.stores;
  row << step.counts.load_bytes << step.counts.store_bytes;
  const MemoryCounts& memory = step.counts.memory;
  row << memory.icache_fills << memory.dcache_fills << memory.dcache_write_backs << memory.bus_transactions;
  row << memory.device_accesses << step.counts.causes;
}

void write_life(const Trace& trace, std::size_t i, Row& row) {
  const Life& life = trace.lives[i];
  row << life.id << name_of(trace, life) << to_string(life.kind);
  row << (life.region < trace.regions.size() ? trace.regions[life.region].name : "");
  row.address(life.address) << life.bytes << life.touched << life.generations << life.born << life.last_write;
  row.cycle(life.first_read).cycle(life.last_read).cycle(life.released) << life.died();
  row.index(life.born_step).index(life.died_step).index(life.buffer);
  row << trace.text(life.owner) << trace.text(life.writer) << trace.text(life.writer_line);
  row.pc(life.writer_pc) << trace.text(life.reader) << trace.text(life.reader_line);
  row.pc(life.reader_pc) << ((life.flags & Life::kOpen) != 0 ? 1 : 0);
  row << ((life.flags & Life::kNeverWritten) != 0 ? 1 : 0);
}

void write_buffer(const Trace& trace, std::size_t i, Row& row) {
  const Buffer& buffer = trace.buffers[i];
  row << std::uint64_t{i} << trace.text(buffer.name) << trace.text(buffer.kind) << trace.text(buffer.type);
  row << trace.text(buffer.shape);
  row.index(buffer.tensor).address(buffer.address) << buffer.bytes << buffer.first_step << buffer.last_step;
  row.cycle(buffer.first_write).cycle(buffer.last_write).cycle(buffer.first_read).cycle(buffer.last_read);
  row << buffer.bytes_written << buffer.bytes_read;
}

void write_sample(const Trace& trace, std::size_t i, Row& row) {
  const Sample& sample = trace.samples[i];
  row << sample.begin << sample.end << sample.instructions << sample.stack_bytes << sample.causes;
}

void write_finding(const Trace& trace, std::size_t i, Row& row) {
  const Finding& finding = trace.findings[i];
  row << to_string(finding.kind) << (finding.is_problem ? 1 : 0) << finding.count << trace.text(finding.text);
  row.pc(finding.pc) << trace.text(finding.function) << trace.text(finding.line) << trace.text(finding.owner);
  row.index(finding.step).address(finding.address) << finding.bytes << finding.cycle << finding.saves_bytes;
}

void write_function(const Trace& trace, std::size_t i, Row& row) {
  const FunctionCost& function = trace.functions[i];
  row << trace.text(function.name) << trace.text(function.file);
  row.address(function.address) << function.calls << function.instructions;
  row << function.causes.total().value << function.causes;
}

void write_line(const Trace& trace, std::size_t i, Row& row) {
  const LineCost& line = trace.lines[i];
  row << trace.text(line.function) << trace.text(line.file) << line.line << line.instructions;
  row << line.causes.total().value << line.causes;
}

constexpr Table kTables[] = {
    {"regions", "region,name,kind,base,bytes,writable", false,
     [](const Trace& t) { return t.regions.size(); }, write_region},
    {"steps",
     "step,id,op,name,phase,patch,begin,end,cycles,macs,cycles_per_mac,bound,instructions,loads,stores,load_"
     "bytes,"
     "store_bytes,icache_fills,dcache_fills,dcache_write_backs,bus_transactions,device_accesses",
     true, [](const Trace& t) { return t.steps.size(); }, write_step},
    {"lives",
     "life,name,kind,region,address,bytes,touched,generations,born,last_write,first_read,last_read,released,"
     "died,"
     "born_step,died_step,buffer,owner,writer,writer_line,writer_pc,reader,reader_line,reader_pc,open,never_"
     "written",
     false, [](const Trace& t) { return t.lives.size(); }, write_life,
     [](const Trace& t, std::size_t i) { return t.lives[i].touched > 0; }},
    {"buffers",
     "buffer,name,kind,type,shape,tensor,address,bytes,first_step,last_step,first_write,last_write,first_"
     "read,"
     "last_read,bytes_written,bytes_read",
     false, [](const Trace& t) { return t.buffers.size(); }, write_buffer},
    {"samples", "begin,end,instructions,stack_bytes", true, [](const Trace& t) { return t.samples.size(); },
     write_sample},
    {"findings", "kind,problem,count,text,pc,function,line,owner,step,address,bytes,cycle,saves_bytes", false,
     [](const Trace& t) { return t.findings.size(); }, write_finding},
    {"functions", "function,file,address,calls,instructions,cycles", true,
     [](const Trace& t) { return t.functions.size(); }, write_function},
    {"lines", "function,file,line,instructions,cycles", true, [](const Trace& t) { return t.lines.size(); },
     write_line},
};

std::string columns_of(const Table& table) {
  std::string columns = table.columns;
  if (!table.has_causes) return columns;
  for (std::size_t i = 0; i < isa::kCauses; ++i) {
    std::string name = isa::to_string(static_cast<isa::Cause>(i));
    for (char& c : name) c = c == '-' ? '_' : c;  // a name that SQL takes without quotes
    columns += "," + name;
  }
  return columns;
}

}  // namespace

std::vector<std::string> csv_tables() {
  std::vector<std::string> names;
  for (const Table& table : kTables) names.emplace_back(table.name);
  return names;
}

ExportResult export_csv(const Trace& trace, std::string_view name, std::ostream& stream,
                        const ExportOptions& options) {
  for (const Table& table : kTables) {
    if (name != table.name) continue;
    Output out(stream, options.cap_bytes, options.heartbeat);
    out.print("{}\n", columns_of(table));
    Row row;
    for (std::size_t i = 0; i < table.rows(trace); ++i) {
      if (table.is_in != nullptr && !table.is_in(trace, i)) continue;
      table.write(trace, i, row);
      out.detail(row.take());
    }
    return {out.bytes(), out.left_out()};
  }
  throw ExportError(
      fmt::format("no table is called '{}', expected one of {}", name, fmt::join(csv_tables(), ", ")));
}

}  // namespace traces
