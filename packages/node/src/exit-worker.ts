import { workerData } from "node:worker_threads";
import type { ExitRequest, ExitWork } from "./exit-send.ts";
import { post, postOtlp } from "./otlp-post.ts";

const { requests, state } = workerData as ExitWork;

void Promise.allSettled(requests.map((request, index) => send(request, index))).then(() => {
  Atomics.store(state, 0, 1);
  Atomics.notify(state, 0);
});

async function send(request: ExitRequest, index: number): Promise<void> {
  const status =
    "signal" in request
      ? await postOtlp(request)
      : await post(request.url, request.headers, request.body, {});
  if (status < 300) Atomics.store(state, 1 + index, 1);
}
