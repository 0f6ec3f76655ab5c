import { Agent, request } from 'undici';
import type { EventSettings } from '../event-settings.js';
import type { AddressPolicy } from './address-policy.js';
import type { Envelope } from './envelope.js';
import { guardedConnector } from './guarded-connector.js';

/** What is read of an answer, in bytes; nobody looks at it. */
const mostBody = 16_384;

/** HTTP to receivers, only where the policy allows, within time limits and without following redirects. */
export class GuardedAgent {
  private readonly agent: Agent;

  constructor(
    policy: AddressPolicy,
    private readonly timeouts: EventSettings['timeouts'],
  ) {
    this.agent = new Agent({
      connect: guardedConnector(policy, timeouts.connect),
      headersTimeout: timeouts.headers,
      bodyTimeout: timeouts.whole,
      connections: 64,
    });
  }

  /** The status of the answer. @throws errors of undici and of the system, and TimeoutError. */
  async post(url: string, { headers, body }: Envelope): Promise<number> {
    const signal = AbortSignal.timeout(this.timeouts.whole);
    const answer = await request(url, { method: 'POST', headers, body, signal, dispatcher: this.agent });
    await answer.body.dump({ limit: mostBody, signal });
    return answer.statusCode;
  }

  /** Cuts what is on its way. */
  async destroy(): Promise<void> {
    await this.agent.destroy();
  }
}
