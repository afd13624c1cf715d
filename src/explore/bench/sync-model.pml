/*
 * The yardstick system of ../examples/sync-model.ts for SPIN: one process, one indivisible step at a time.
 *
 *     spin -DK=3 -DF=3 -DQ=2 -DB=1 -a sync-model.pml
 *     cc -O3 -DBFS -DSAFETY -DNOREDUCE -o pan pan.c && ./pan
 *
 * K members (2 to 4), F failovers (1 to 4), Q requests of each side, B bump. SPIN counts the initial state as a
 * transition.
 */
#define MOST (Q + F * B)
#define BIT(set, n) ((set >> (n)) & 1)

/* Which messages were sent: a bit for each Message ID. */
byte clusterRequest, clusterResponse, peerRequest, peerResponse;
/* For each failover its sync request, and the counter in the answer plus one (0: not answered). */
byte syncM1[F], syncP1[F], syncAnswer[F];

byte peerSend, peerRecv, peerHigh;
bit peerOut;
byte send[K], recv[K];
bit out[K];
byte now_active, failovers;
bit syncing;

#define CHECKED assert(peerSend <= Q && peerRecv <= MOST && peerHigh <= MOST && \
	send[now_active] <= MOST && recv[now_active] <= Q && \
	!(peerResponse & ~clusterRequest) && !(clusterResponse & ~peerRequest))

inline Copy(j)
{
	d_step {
		!syncing && j != now_active ->
		send[j] = send[now_active]; recv[j] = recv[now_active]; out[j] = out[now_active]; CHECKED
	}
}

inline Fail(j)
{
	d_step {
		failovers < F && j != now_active ->
		syncM1[failovers] = send[j] + out[j] + B; syncP1[failovers] = recv[j];
		failovers++; syncing = 1; now_active = j; CHECKED
	}
}

inline SyncReq(n)
{
	d_step {
		n < failovers && syncM1[n] > peerHigh && syncM1[n] >= peerRecv ->
		peerSend = (peerSend + peerOut < syncP1[n] -> syncP1[n] : peerSend + peerOut);
		peerOut = 0; peerHigh = syncM1[n]; peerRecv = syncM1[n]; syncAnswer[n] = peerSend + 1; CHECKED
	}
}

active proctype system()
{
end:
	do
	:: d_step { !syncing && !out[now_active] && send[now_active] < Q ->
		clusterRequest = clusterRequest | (1 << send[now_active]); out[now_active] = 1; CHECKED }
	:: d_step { !syncing && out[now_active] && BIT(peerResponse, send[now_active]) ->
		send[now_active]++; out[now_active] = 0; CHECKED }
	:: d_step { !syncing && recv[now_active] < Q && BIT(peerRequest, recv[now_active]) ->
		clusterResponse = clusterResponse | (1 << recv[now_active]); recv[now_active]++; CHECKED }
	:: d_step { !syncing && recv[now_active] > 0 && BIT(peerRequest, recv[now_active] - 1) ->
		clusterResponse = clusterResponse | (1 << (recv[now_active] - 1)); CHECKED }
	:: d_step { syncing && syncAnswer[failovers - 1] > 0 ->
		send[now_active] = syncM1[failovers - 1]; recv[now_active] = syncAnswer[failovers - 1] - 1;
		out[now_active] = 0; syncing = 0; CHECKED }
	:: d_step { peerRecv < Q && BIT(clusterRequest, peerRecv) ->
		peerResponse = peerResponse | (1 << peerRecv); peerRecv++; CHECKED }
	:: d_step { peerRecv > 0 && peerRecv <= Q && BIT(clusterRequest, peerRecv - 1) ->
		peerResponse = peerResponse | (1 << (peerRecv - 1)); CHECKED }
	:: d_step { !peerOut && peerSend < Q ->
		peerRequest = peerRequest | (1 << peerSend); peerOut = 1; CHECKED }
	:: d_step { peerOut && BIT(clusterResponse, peerSend) -> peerSend++; peerOut = 0; CHECKED }
	:: Copy(0)
	:: Copy(1)
#if K > 2
	:: Copy(2)
#endif
#if K > 3
	:: Copy(3)
#endif
	:: Fail(0)
	:: Fail(1)
#if K > 2
	:: Fail(2)
#endif
#if K > 3
	:: Fail(3)
#endif
	:: SyncReq(0)
#if F > 1
	:: SyncReq(1)
#endif
#if F > 2
	:: SyncReq(2)
#endif
#if F > 3
	:: SyncReq(3)
#endif
	od
}
