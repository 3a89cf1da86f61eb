/* An inference engine that interprets a graph: operators through a table of functions, tensors and what the
 * interpreter needs in one static arena, planned when it starts, no step marks. int8, NHWC. Only the memory
 * it uses matters: the weights are any numbers. */
#include "truth.h"

#define KERNEL __attribute__((noinline)) /* as if each were a file of its own */
#define NULL 0

typedef struct {
  int height, width, channels;
  int8_t* data;
  int first, last; /* operators */
} tensor;

struct node;
typedef void (*operation)(struct node*);

typedef struct node {
  operation invoke;
  tensor *in, *in2, *out;
  int kernel, stride;
  int16_t* scratch;
  uint32_t scratch_bytes;
} node;

enum { ARENA = 49152, TENSORS = 12, NODES = 11 };

static uint8_t arena[ARENA] __attribute__((aligned(16)));
static uint32_t arena_head, arena_tail;
static const int8_t weights[9 * 64] = {3, -5, 7, 1, -2, 11, -13, 4, 6, -9, 2, 8};
static const int32_t bias[64] = {100, -50, 30, -10};

void* memset(void* to, int value, unsigned count) {
  uint8_t* bytes = to;
  while (count--) *bytes++ = (uint8_t)value;
  return to;
}

static inline int8_t clamp(int32_t value) {
  value >>= 7;
  return (int8_t)(value > 127 ? 127 : value < -128 ? -128 : value);
}

/* What lives as long as the interpreter comes from the arena's end. */
KERNEL void* allocate_persistent(uint32_t bytes) {
  arena_tail = (arena_tail - bytes) & ~15u;
  return memset(arena + arena_tail, 0, bytes);
}

KERNEL void widen(const int8_t* in, int16_t* out, int count) {
  for (int i = 0; i < count; ++i) out[i] = (int16_t)(in[i] + 1);
}

KERNEL int8_t* multiply_columns(const int16_t* columns, int count, int channels, int8_t* out) {
  const int16_t *a = columns, *b = columns + count;
  for (int c = 0; c < channels; ++c) {
    int32_t sum_a = bias[c], sum_b = bias[c];
    for (int i = 0; i < count; ++i) {
      sum_a += weights[c + i] * a[i];
      sum_b += weights[c + i] * b[i];
    }
    out[c] = clamp(sum_a);
    out[channels + c] = clamp(sum_b);
  }
  return out + 2 * channels;
}

KERNEL void conv(node* n) {
  const tensor *in = n->in, *out = n->out;
  const int half = n->kernel / 2, count = n->kernel * n->kernel * in->channels;
  int filled = 0;
  int8_t* to = out->data;
  for (int y = 0; y < in->height; y += n->stride) {
    for (int x = 0; x < in->width; x += n->stride) {
      int16_t* column = n->scratch + filled * count;
      for (int ky = y - half; ky <= y + half; ++ky) {
        for (int kx = x - half; kx <= x + half; ++kx) {
          if (ky < 0 || ky >= in->height || kx < 0 || kx >= in->width) {
            memset(column, 0, 2 * (unsigned)in->channels);
          } else {
            widen(in->data + (ky * in->width + kx) * in->channels, column, in->channels);
          }
          column += in->channels;
        }
      }
      if (++filled == 2) {
        to = multiply_columns(n->scratch, count, out->channels, to);
        filled = 0;
      }
    }
  }
}

KERNEL void depthwise(node* n) {
  const tensor *in = n->in, *out = n->out;
  int8_t* to = out->data;
  for (int y = 0; y < in->height; y += n->stride) {
    for (int x = 0; x < in->width; x += n->stride) {
      for (int c = 0; c < in->channels; ++c) {
        int32_t sum = bias[c];
        for (int ky = -1; ky < 2; ++ky) {
          for (int kx = -1; kx < 2; ++kx) {
            if (y + ky < 0 || y + ky >= in->height || x + kx < 0 || x + kx >= in->width) continue;
            sum +=
                weights[c + ky * 3 + kx + 4] * in->data[((y + ky) * in->width + x + kx) * in->channels + c];
          }
        }
        *to++ = clamp(sum * 16);
      }
    }
  }
}

KERNEL void add(node* n) {
  const int count = n->out->height * n->out->width * n->out->channels;
  for (int i = 0; i < count; ++i) n->out->data[i] = clamp((n->in->data[i] + n->in2->data[i]) << 6);
}

KERNEL void mean(node* n) {
  const int pixels = n->in->height * n->in->width, channels = n->in->channels;
  for (int c = 0; c < channels; ++c) {
    int32_t sum = 0;
    for (int p = 0; p < pixels; ++p) sum += n->in->data[p * channels + c];
    n->out->data[c] = (int8_t)(sum / pixels);
  }
}

KERNEL void fully_connected(node* n) {
  for (int o = 0; o < n->out->channels; ++o) {
    int32_t sum = bias[o];
    for (int i = 0; i < n->in->channels; ++i) sum += weights[o + i] * n->in->data[i];
    n->out->data[o] = clamp(sum);
  }
}

/* Exponentials as a power series, kept in scratch. */
KERNEL void softmax(node* n) {
  int32_t* powers = (int32_t*)(void*)n->scratch;
  int32_t sum = 0;
  for (int i = 0; i < n->in->channels; ++i) {
    const int32_t x = n->in->data[i] + 128;
    powers[i] = 256 + x + x * x / 512 + x * x * x / 393216;
    sum += powers[i];
  }
  for (int i = 0; i < n->in->channels; ++i) n->out->data[i] = (int8_t)(powers[i] * 255 / sum - 128);
}

/* Height, width, channels, and the operator that reads it last. */
static const int shapes[TENSORS][4] = {{40, 40, 3, 0},  {20, 20, 16, 1}, {20, 20, 16, 2}, {20, 20, 24, 3},
                                       {10, 10, 24, 6}, {10, 10, 64, 5}, {10, 10, 24, 6}, {10, 10, 24, 7},
                                       {10, 10, 48, 8}, {1, 1, 48, 9},   {1, 1, 10, 10},  {1, 1, 10, 11}};
/* Operation, inputs, output, kernel, stride. */
static const struct {
  operation invoke;
  int in, in2, out, kernel, stride;
} graph[NODES] = {{conv, 0, -1, 1, 3, 2},     {depthwise, 1, -1, 2, 3, 1},
                  {conv, 2, -1, 3, 1, 1},     {depthwise, 3, -1, 4, 3, 2},
                  {conv, 4, -1, 5, 1, 1},     {conv, 5, -1, 6, 1, 1},
                  {add, 4, 6, 7, 0, 0},       {conv, 7, -1, 8, 3, 1},
                  {mean, 8, -1, 9, 0, 0},     {fully_connected, 9, -1, 10, 0, 0},
                  {softmax, 10, -1, 11, 0, 0}};

static tensor* tensors;
static node* nodes;

/* Each tensor in the first place where nothing lies that lives at the same time. */
KERNEL void plan(void) {
  for (int t = 0; t < TENSORS; ++t) {
    tensor* mine = &tensors[t];
    const uint32_t bytes = (uint32_t)(mine->height * mine->width * mine->channels);
    uint32_t place = 0;
    for (int moved = 1; moved;) {
      moved = 0;
      for (int o = 0; o < t; ++o) {
        const tensor* other = &tensors[o];
        const uint32_t begin = (uint32_t)(other->data - (int8_t*)arena);
        const uint32_t size = (uint32_t)(other->height * other->width * other->channels);
        if (other->last < mine->first || place >= begin + size || begin >= place + bytes) continue;
        place = (begin + size + 15) & ~15u;
        moved = 1;
      }
    }
    mine->data = (int8_t*)arena + place;
    if (place + bytes > arena_head) arena_head = (place + bytes + 15) & ~15u;
  }
  for (int i = 0; i < NODES; ++i) {
    node* n = &nodes[i];
    n->scratch = (int16_t*)(void*)(arena + arena_head);
    n->scratch_bytes = n->invoke == conv      ? 4u * (uint32_t)(n->kernel * n->kernel * n->in->channels)
                       : n->invoke == softmax ? 40
                                              : 0;
  }
}

KERNEL void prepare(void) {
  tensors = allocate_persistent(sizeof(tensor) * TENSORS);
  nodes = allocate_persistent(sizeof(node) * NODES);
  for (int t = 0; t < TENSORS; ++t) {
    tensors[t].height = shapes[t][0];
    tensors[t].width = shapes[t][1];
    tensors[t].channels = shapes[t][2];
    tensors[t].first = t == 0 ? 0 : t - 1;
    tensors[t].last = shapes[t][3];
  }
  for (int i = 0; i < NODES; ++i) {
    nodes[i].invoke = graph[i].invoke;
    nodes[i].in = &tensors[graph[i].in];
    nodes[i].in2 = graph[i].in2 < 0 ? NULL : &tensors[graph[i].in2];
    nodes[i].out = &tensors[graph[i].out];
    nodes[i].kernel = graph[i].kernel;
    nodes[i].stride = graph[i].stride;
  }
  plan();
}

static uint32_t rows[TENSORS];

static void note_birth(int t) {
  rows[t] = born(tensors[t].data, (uint32_t)(tensors[t].height * tensors[t].width * tensors[t].channels));
}

KERNEL void interpret(void) {
  for (int i = 0; i < NODES; ++i) {
    uint32_t scratch = TRUTH_ROWS - 1;
    note_birth(graph[i].out);
    if (nodes[i].scratch_bytes != 0) scratch = born(nodes[i].scratch, nodes[i].scratch_bytes);
    nodes[i].invoke(&nodes[i]);
    used(scratch);
    used(rows[graph[i].in]);
    if (graph[i].in2 >= 0) used(rows[graph[i].in2]);
  }
}

int main(void) {
  count_cycles();
  arena_tail = ARENA;
  const uint32_t kept = TRUTH_ROWS - 2;
  truth[kept].born = cycles();
  prepare();
  truth[kept].address = (uint32_t)(uintptr_t)(arena + arena_tail);
  truth[kept].bytes = ARENA - arena_tail;
  note_birth(0);
  for (int i = 0; i < 40 * 40 * 3; ++i) tensors[0].data[i] = (int8_t)(i * 7 + (i >> 5));
  interpret();
  int sum = 0;
  for (int i = 0; i < 10; ++i) sum += tensors[11].data[i];
  used(rows[11]);
  used(kept);
  return sum & 1;
}
