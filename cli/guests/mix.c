/* What control-heavy firmware does: walks and sorts a linked list, multiplies small matrices, runs a state machine
   over text, and folds everything into a CRC. guest_control[0]: how often; [1]: the CRC. */
#include <stdint.h>

extern volatile uint32_t guest_control[2];

static uint16_t crc16(uint16_t crc, uint32_t value, int bits) {
  for (int i = 0; i < bits; ++i) {
    const uint32_t feedback = (crc ^ value) & 1;
    crc >>= 1;
    value >>= 1;
    if (feedback) crc ^= 0xa001;
  }
  return crc;
}

/* --- list --- */

#define NODES 64

typedef struct node {
  struct node* next;
  int16_t key, index;
} node;

static node nodes[NODES];

static node* make_list(uint32_t seed) {
  for (int i = 0; i < NODES; ++i) {
    seed = seed * 1103515245u + 12345u;
    nodes[i].key = (int16_t)(seed >> 16);
    nodes[i].index = (int16_t)i;
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
  }
  return nodes;
}

static node* find(node* list, int16_t key) {
  while (list && list->key != key) list = list->next;
  return list;
}

static node* reverse(node* list) {
  node* done = 0;
  while (list) {
    node* next = list->next;
    list->next = done;
    done = list;
    list = next;
  }
  return done;
}

static int by_key(const node* a, const node* b) { return a->key - b->key; }
static int by_index(const node* a, const node* b) { return a->index - b->index; }

/* Merge sort from the bottom up. */
static node* sort(node* list, int (*order)(const node*, const node*)) {
  for (int width = 1;; width *= 2) {
    node *rest = list, *sorted = 0, **end = &sorted;
    int merges = 0;
    while (rest) {
      ++merges;
      node *a = rest, *b = rest;
      int left = 0, right = width;
      while (left < width && b) {
        ++left;
        b = b->next;
      }
      while (left > 0 || (right > 0 && b)) {
        node** from = left == 0 || (right > 0 && b && order(a, b) > 0) ? &b : &a;
        if (from == &a) {
          --left;
        } else {
          --right;
        }
        *end = *from;
        end = &(*from)->next;
        *from = (*from)->next;
      }
      rest = b;
    }
    *end = 0;
    if (merges <= 1) return sorted;
    list = sorted;
  }
}

static uint16_t list_work(uint16_t crc, uint32_t seed) {
  node* list = make_list(seed);
  for (int i = 0; i < NODES; i += 7) {
    const node* found = find(list, nodes[i].key);
    crc = crc16(crc, found ? (uint32_t)found->index : 0xffffu, 16);
  }
  list = sort(reverse(list), by_key);
  crc = crc16(crc, (uint32_t)list->key, 16);
  list = sort(list, by_index);
  return crc16(crc, (uint32_t)list->key, 16);
}

/* --- matrices --- */

#define SIDE 12

static int16_t left[SIDE][SIDE], right[SIDE][SIDE];
static int32_t product[SIDE][SIDE];

static uint16_t matrix_work(uint16_t crc, uint32_t seed) {
  for (int i = 0; i < SIDE; ++i) {
    for (int j = 0; j < SIDE; ++j) {
      left[i][j] = (int16_t)(seed + (uint32_t)(i * j));
      right[i][j] = (int16_t)(left[i][j] ^ (i + j));
    }
  }
  int32_t sum = 0;
  for (int i = 0; i < SIDE; ++i) {
    for (int j = 0; j < SIDE; ++j) {
      int32_t dot = 0;
      for (int k = 0; k < SIDE; ++k) dot += left[i][k] * right[k][j];
      product[i][j] = dot;
      sum += (dot >> 2 & 0xf) * (dot >> 5 & 0x7f);
    }
  }
  return crc16(crc, (uint32_t)sum, 32);
}

/* --- text --- */

enum state { kStart, kSign, kInteger, kFraction, kExponent, kExponentDigits, kInvalid, kStates };

static const char kText[] = "5012,-874,+122,1.5e+3,-.22,+0x1,35.5,T0.3,-110.7e-10,+0.64,7e,9.9.9,1234567,e5,-,42,";

static enum state step(enum state s, char c) {
  const int digit = c >= '0' && c <= '9';
  switch (s) {
    case kStart:
      return digit ? kInteger : c == '+' || c == '-' ? kSign : c == '.' ? kFraction : kInvalid;
    case kSign:
      return digit ? kInteger : c == '.' ? kFraction : kInvalid;
    case kInteger:
      return digit ? kInteger : c == '.' ? kFraction : c == 'e' ? kExponent : kInvalid;
    case kFraction:
      return digit ? kFraction : c == 'e' ? kExponent : kInvalid;
    case kExponent:
      return digit || c == '+' || c == '-' ? kExponentDigits : kInvalid;
    case kExponentDigits:
      return digit ? kExponentDigits : kInvalid;
    default:
      return kInvalid;
  }
}

static uint16_t text_work(uint16_t crc, uint32_t seed) {
  uint32_t ended[kStates] = {0};
  enum state s = kStart;
  for (const char* c = kText + seed % 4; *c; ++c) {
    if (*c == ',') {
      ++ended[s];
      s = kStart;
    } else {
      s = step(s, *c);
    }
  }
  for (int i = 0; i < kStates; ++i) crc = crc16(crc, ended[i], 8);
  return crc;
}

int main(void) {
  uint16_t crc = 0xffff;
  for (uint32_t n = guest_control[0]; n > 0; --n) {
    crc = list_work(crc, n);
    crc = matrix_work(crc, crc);
    crc = text_work(crc, crc);
  }
  guest_control[1] = crc;
  return 0;
}
