import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { EVENT_SETTINGS, type EventSettings } from '../event-settings.js';
import type { FeedEvent } from '../feed/feed-event.js';
import type { SealedReceiver } from '../receiver.js';
import { ReceiverSecrets } from '../receiver-secrets.js';
import { AddressPolicy } from './address-policy.js';
import { type Envelope, envelope, webhookBody } from './envelope.js';
import type { GuardedAgent } from './guarded-agent.js';
import { SecurityEventTokens } from './security-event-tokens.js';

/** What became of one attempt; `error` is a code or a status in words of ours, never the receiver's text. */
export interface Attempt {
  readonly ok: boolean;
  readonly status: number | null;
  readonly error: string | null;
  readonly durationMs: number;
}

/** Sends one event to one receiver, once. */
@Injectable()
export class Sender implements OnApplicationShutdown {
  private agent: Promise<GuardedAgent> | undefined;

  constructor(
    private readonly secrets: ReceiverSecrets,
    private readonly tokens: SecurityEventTokens,
    private readonly policy: AddressPolicy,
    @Inject(EVENT_SETTINGS) private readonly settings: EventSettings,
  ) {}

  /** Never throws: whatever goes wrong is a failed attempt. */
  async send(receiver: SealedReceiver, event: FeedEvent): Promise<Attempt> {
    const beganAt = performance.now();
    const ended = (status: number | null, error: string | null): Attempt => ({
      ...{ ok: error === null, status, error },
      durationMs: Math.round(performance.now() - beganAt),
    });
    try {
      const agent = await (this.agent ??= this.newAgent());
      const status = await agent.post(receiver.url ?? '', await this.wrap(receiver, event));
      return ended(status, problemOf(status));
    } catch (error) {
      return ended(null, errorWord(error));
    }
  }

  /** Cuts what is on its way. */
  async abort(): Promise<void> {
    await (await this.agent)?.destroy();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.abort();
  }

  /** Loaded when something is sent: a service without receivers need not hold an HTTP client in memory. */
  private async newAgent(): Promise<GuardedAgent> {
    const { GuardedAgent } = await import('./guarded-agent.js');
    return new GuardedAgent(this.policy, this.settings.timeouts);
  }

  private async wrap(receiver: SealedReceiver, event: FeedEvent): Promise<Envelope> {
    const now = Date.now();
    const { id, secret, formerSecret, formerUntil } = receiver;
    const sealed = formerSecret !== null && (formerUntil ?? 0) > now ? [secret, formerSecret] : [secret];
    const secrets = sealed.map((each) => this.secrets.open(id, each));
    return receiver.format === 'set'
      ? envelope(event.id, await this.tokens.sign(event, receiver, now), 'application/secevent+jwt', { secrets, now })
      : envelope(event.id, webhookBody(event), 'application/json', { secrets, now });
  }
}

function problemOf(status: number): string | null {
  if (status >= 200 && status < 300) {
    return null;
  }
  return status >= 300 && status < 400 ? `redirect (${status}), which is not followed` : `status ${status}`;
}

/** Codes of undici and of the system; what has none is named by its kind. */
function errorWord(error: unknown): string {
  const { name, code, cause } = error as { readonly name?: string; readonly code?: unknown; readonly cause?: unknown };
  if (name === 'TimeoutError') {
    return 'no answer in time';
  }
  const inner = (cause as { readonly code?: unknown } | undefined)?.code;
  const word = typeof code === 'string' ? code : typeof inner === 'string' ? inner : (name ?? 'error');
  return word.slice(0, 100);
}
