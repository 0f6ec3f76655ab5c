import { basePath } from '../bare/answers.js';
import { operationHeader } from '../bare/operation-header.js';
import { operationNamed } from '../operations/index.js';
import { runClosedLoop } from './closed-loop.js';
import type { LoadJob, LoadResult, RequestSource, WireRequest } from './load-job.js';
import { runOpenLoop } from './open-loop.js';

/** The client's process: each message is a job, each answer its result. */
process.on('message', (job: LoadJob) => {
  run(job).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ problem: error.stack ?? error.message }),
  );
});
process.once('disconnect', () => process.exit(0));

function run(job: LoadJob): Promise<LoadResult> {
  const { kind, origin, seconds, connections, rate = 100 } = job;
  const source = requestsOf(job);
  return kind === 'closed'
    ? runClosedLoop(origin, source, { seconds, connections })
    : runOpenLoop(origin, source, { seconds, connections, rate });
}

function requestsOf({ operation: name, world, side, firstSequence }: LoadJob): RequestSource {
  const operation = operationNamed(name);
  let used = 0;
  return {
    get used() {
      return used;
    },
    next: () => {
      const request = operation.request({ world, side, sequence: firstSequence + used });
      used += 1;
      if (request === undefined) return undefined;
      const { method, path, body, status, script, tenant, headers } = request;
      const sent: WireRequest = {
        method,
        path: `${basePath}${path}`,
        status,
        headers: {
          authorization: `Bearer ${tenant.token}`,
          [operationHeader]: script,
          ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
          ...headers,
        },
      };
      return body === undefined ? sent : { ...sent, body: JSON.stringify(body) };
    },
  };
}
