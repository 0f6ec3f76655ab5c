import autocannon from 'autocannon';
import { type LoadResult, Outcomes, type RequestSource } from './load-job.js';

interface RequestContext {
  status?: number;
}

/** Each connection sends its next request when the answer before is there: how much the server can do. */
export function runClosedLoop(
  origin: string,
  source: RequestSource,
  { seconds, connections }: { readonly seconds: number; readonly connections: number },
): Promise<LoadResult> {
  const outcomes = new Outcomes();
  const startedAt = performance.now();
  let lastAnswer = startedAt;
  return new Promise((resolve, reject) => {
    const load = autocannon(
      {
        url: origin,
        connections,
        pipelining: 1,
        duration: seconds,
        timeout: 30,
        sampleInt: 100,
        requests: [
          {
            setupRequest: (request, context) => {
              const next = source.next();
              if (next === undefined) {
                // What is on its way is counted; nothing further is sent than one request that everybody may read.
                setImmediate(() => load.stop());
                return { ...request, method: 'GET', path: '/', headers: {} };
              }
              (context as RequestContext).status = next.status;
              const { method, path, headers, body } = next;
              return { ...request, method, path, headers, ...(body === undefined ? {} : { body }) };
            },
            onResponse: (status, body, context) => {
              const wanted = (context as RequestContext).status;
              if (wanted === undefined) return;
              lastAnswer = performance.now();
              outcomes.answered(status, wanted, body);
            },
          },
        ],
      },
      (error: Error | null, result) => {
        if (error !== null) return reject(error);
        if (result.errors > 0) outcomes.failed(`${result.errors} connections broke or timed out`);
        const { p50, p99 } = result.latency;
        resolve(outcomes.result({ seconds: (lastAnswer - startedAt) / 1000, p50, p99, used: source.used }));
      },
    );
  });
}
