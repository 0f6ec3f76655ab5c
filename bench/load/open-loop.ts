import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type LoadResult, Outcomes, type RequestSource, type WireRequest } from './load-job.js';
import { median, quantile } from '../measure/statistics.js';

/**
 * Sends at a fixed rate whatever the server does, and counts the time of each answer from when its request was meant to
 * be sent: a server that stops for a second has a second's worth of slow answers, not one.
 */
export async function runOpenLoop(
  origin: string,
  source: RequestSource,
  { seconds, connections, rate }: { readonly seconds: number; readonly connections: number; readonly rate: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const outcomes = new Outcomes();
  const latencies: number[] = [];
  const running: Promise<void>[] = [];
  const startedAt = performance.now();
  const total = Math.floor(seconds * rate);
  for (let index = 0; index < total; index += 1) {
    const meantAt = startedAt + (index * 1000) / rate;
    const wait = meantAt - performance.now();
    if (wait > 0) await delay(wait);
    const next = source.next();
    if (next === undefined) break;
    running.push(
      send(agent, origin, next).then(
        ({ status, text }) => {
          latencies.push(performance.now() - meantAt);
          outcomes.answered(status, next.status, text);
        },
        (error: Error) => outcomes.failed(error.message),
      ),
    );
  }
  await Promise.all(running);
  const taken = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const used = source.used;
  return outcomes.result({ seconds: taken, p50: median(latencies), p99: quantile(latencies, 0.99), used });
}

function send(
  agent: Agent,
  origin: string,
  { method, path, headers, body }: WireRequest,
): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) };
    const sending = request(`${origin}${path}`, { method, agent, headers: { ...headers, ...length } }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sending.on('error', reject).end(body);
  });
}
