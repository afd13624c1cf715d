/*
 * The yardstick system of ../examples/sync-model.ts as a C program of its own: breadth first, states packed into
 * 128 bits and compared in full, open addressing, the invariant checked for every step. It keeps no predecessors,
 * so it could not print a counterexample.
 *
 *     cc -O3 -DK=3 -DF=3 -DQ=2 -DB=1 -o sync-model sync-model.c && ./sync-model
 *
 * K members, F failovers, Q requests of each side, B bump. Prints one line of JSON.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST (Q + F * B) /* of the Message IDs that the cluster can reach */

/*
 * A state, by bits:
 *
 *     a    messages sent, a bit for each Message ID: requests and responses of the cluster, then of the peer (8 each)
 *          peer: send 4, recv 5, high 5, out 1; active member 2, syncing 1, failovers 3; member 0
 *     b    members 1, 2 ...; for each failover its sync request (m1 5, p1 4) and the counter in the answer plus one
 *          (4; 0: not answered)
 *
 * A member is send 5, recv 4, out 1.
 */
struct packed { uint64_t a, b; };

#define ONE(at) (UINT64_C(1) << (at))
#define GET(word, at, bits) ((uint32_t)((word) >> (at)) & ((1u << (bits)) - 1))
#define SET(word, at, bits, value) \
	((word) = ((word) & ~((ONE(bits) - 1) << (at))) | (uint64_t)(value) << (at))

enum { CLUSTER_REQUEST = 0, CLUSTER_RESPONSE = 8, PEER_REQUEST = 16, PEER_RESPONSE = 24 };
enum { PEER_SEND = 32, PEER_RECV = 36, PEER_HIGH = 41, PEER_OUT = 46, PEER_BITS = 15 };
enum { ACTIVE = 47, SYNCING = 49, FAILOVERS = 50, MEMBER_0 = 53 };
enum { MEMBER_BITS = 10, MEMBER_RECV = 5, MEMBER_OUT = 9, SYNC_BITS = 13, SYNC_P1 = 5, SYNC_ANSWER = 9 };
#define SYNC_AT(n) ((K - 1) * MEMBER_BITS + (n) * SYNC_BITS)

_Static_assert(K >= 2 && K <= 4 && F >= 1 && F <= 7 && Q >= 1 && Q <= 8 && MOST <= 31, "widths of counters");
_Static_assert((K - 1) * MEMBER_BITS + F * SYNC_BITS <= 64, "width of a state");

static struct packed *states;
static uint64_t count, room = 1 << 16;
static uint32_t *slots;
static uint64_t mask = (1 << 18) - 1;
static uint64_t transitions;

static void *checked(void *memory)
{
	if (memory == NULL) {
		fputs("out of memory\n", stderr);
		exit(2);
	}
	return memory;
}

static inline uint32_t member(struct packed s, uint32_t i)
{
	return i == 0 ? GET(s.a, MEMBER_0, MEMBER_BITS) : GET(s.b, (i - 1) * MEMBER_BITS, MEMBER_BITS);
}

static inline struct packed with_member(struct packed s, uint32_t i, uint32_t value)
{
	if (i == 0) SET(s.a, MEMBER_0, MEMBER_BITS, value);
	else SET(s.b, (i - 1) * MEMBER_BITS, MEMBER_BITS, value);
	return s;
}

static inline uint64_t hash(struct packed p)
{
	uint64_t h = p.a * UINT64_C(0x9e3779b97f4a7c15);
	h = (h ^ h >> 32 ^ p.b) * UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

static void grow_slots(void)
{
	free(slots);
	mask = mask * 2 + 1;
	slots = checked(calloc(mask + 1, sizeof *slots));
	for (uint64_t i = 0; i < count; i++) {
		uint64_t at = hash(states[i]) & mask;
		while (slots[at] != 0) at = (at + 1) & mask;
		slots[at] = i + 1;
	}
}

static inline void insert(struct packed p)
{
	uint64_t at = hash(p) & mask;
	for (; slots[at] != 0; at = (at + 1) & mask) {
		struct packed q = states[slots[at] - 1];
		if (q.a == p.a && q.b == p.b) return;
	}
	if (count == room) states = checked(realloc(states, (room *= 2) * sizeof *states));
	states[count++] = p;
	slots[at] = count;
	if (count * 2 > mask) grow_slots();
}

static inline void reach(struct packed s)
{
	transitions++;
	const uint32_t m = member(s, GET(s.a, ACTIVE, 2));
	const bool in_range = GET(s.a, PEER_SEND, 4) <= Q && GET(s.a, PEER_RECV, 5) <= MOST &&
		GET(s.a, PEER_HIGH, 5) <= MOST && GET(m, 0, 5) <= MOST && GET(m, MEMBER_RECV, 4) <= Q;
	const uint32_t unasked = (GET(s.a, PEER_RESPONSE, 8) & ~GET(s.a, CLUSTER_REQUEST, 8)) |
		(GET(s.a, CLUSTER_RESPONSE, 8) & ~GET(s.a, PEER_REQUEST, 8));
	if (!in_range || unasked != 0) {
		fputs("the invariant is violated\n", stderr);
		exit(1);
	}
	insert(s);
}

/* A step from s, which changes t. */
#define STEP(...) do { struct packed t = s; __VA_ARGS__; reach(t); } while (0)
#define SENT(what, id) (s.a >> ((what) + (id)) & 1)

static void expand_peer(const struct packed s)
{
	const uint32_t send = GET(s.a, PEER_SEND, 4), recv = GET(s.a, PEER_RECV, 5), high = GET(s.a, PEER_HIGH, 5);
	const uint32_t out = GET(s.a, PEER_OUT, 1), failovers = GET(s.a, FAILOVERS, 3);

	if (recv < Q && SENT(CLUSTER_REQUEST, recv))
		STEP(t.a |= ONE(PEER_RESPONSE + recv); t.a += ONE(PEER_RECV));
	if (recv > 0 && recv <= Q && SENT(CLUSTER_REQUEST, recv - 1))
		STEP(t.a |= ONE(PEER_RESPONSE + recv - 1));
	if (!out && send < Q) STEP(t.a |= ONE(PEER_OUT) | ONE(PEER_REQUEST + send));
	if (out && SENT(CLUSTER_RESPONSE, send)) STEP(t.a += ONE(PEER_SEND) - ONE(PEER_OUT));
	for (uint32_t n = 0; n < failovers; n++) {
		const uint32_t sync = GET(s.b, SYNC_AT(n), SYNC_BITS), m1 = GET(sync, 0, 5), p1 = GET(sync, SYNC_P1, 4);
		const uint32_t p2 = p1 > send + out ? p1 : send + out;
		if (m1 > high && m1 >= recv)
			STEP(SET(t.a, PEER_SEND, PEER_BITS, p2 | m1 << 4 | m1 << 9);
				SET(t.b, SYNC_AT(n) + SYNC_ANSWER, 4, p2 + 1));
	}
}

static void expand_cluster(const struct packed s)
{
	const uint32_t active = GET(s.a, ACTIVE, 2), failovers = GET(s.a, FAILOVERS, 3), m = member(s, active);
	const uint32_t send = GET(m, 0, 5), recv = GET(m, MEMBER_RECV, 4), out = GET(m, MEMBER_OUT, 1);

	if (GET(s.a, SYNCING, 1)) {
		const uint32_t sync = GET(s.b, SYNC_AT(failovers - 1), SYNC_BITS), answer = GET(sync, SYNC_ANSWER, 4);
		if (answer != 0)
			STEP(t = with_member(t, active, GET(sync, 0, 5) | (answer - 1) << MEMBER_RECV); t.a ^= ONE(SYNCING));
	} else {
		if (!out && send < Q)
			STEP(t = with_member(t, active, m | 1 << MEMBER_OUT); t.a |= ONE(CLUSTER_REQUEST + send));
		if (out && SENT(PEER_RESPONSE, send)) STEP(t = with_member(t, active, m + 1 - (1 << MEMBER_OUT)));
		if (recv < Q && SENT(PEER_REQUEST, recv))
			STEP(t = with_member(t, active, m + (1 << MEMBER_RECV)); t.a |= ONE(CLUSTER_RESPONSE + recv));
		if (recv > 0 && SENT(PEER_REQUEST, recv - 1)) STEP(t.a |= ONE(CLUSTER_RESPONSE + recv - 1));
		for (uint32_t j = 0; j < K; j++)
			if (j != active) STEP(t = with_member(t, j, m));
	}
	for (uint32_t j = 0; failovers < F && j < K; j++) {
		const uint32_t other = member(s, j), m1 = GET(other, 0, 5) + GET(other, MEMBER_OUT, 1) + B;
		if (j != active)
			STEP(SET(t.a, ACTIVE, 2, j); SET(t.a, SYNCING, 1, 1); SET(t.a, FAILOVERS, 3, failovers + 1);
				t.b |= (uint64_t)(m1 | GET(other, MEMBER_RECV, 4) << SYNC_P1) << SYNC_AT(failovers));
	}
}

int main(void)
{
	states = checked(malloc(room * sizeof *states));
	slots = checked(calloc(mask + 1, sizeof *slots));
	insert((struct packed){ 0, 0 });
	int depth = 0;
	for (uint64_t head = 0, level_end = 1; head < count; head++) {
		if (head == level_end) {
			depth++;
			level_end = count;
		}
		const struct packed s = states[head];
		expand_peer(s);
		expand_cluster(s);
	}
	printf("{\"states\":%" PRIu64 ",\"transitions\":%" PRIu64 ",\"depth\":%d}\n", count, transitions, depth);
	return 0;
}
