import { Webhook } from 'standardwebhooks';
import { userAgent } from '../event-settings.js';
import type { FeedEvent } from '../feed/feed-event.js';

/** A request that carries an event. */
export interface Envelope {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The event as Standard Webhooks write it: `type`, `timestamp` and thin `data`. */
export function webhookBody(event: FeedEvent): string {
  const { id, type, tenantId, version, position, mailboxId, userId, at, data } = event;
  const timestamp = new Date(at).toISOString();
  return JSON.stringify({ type, timestamp, data: { id, tenantId, version, position, mailboxId, userId, ...data } });
}

/** Signs a body with every secret that is good now; the first is the newest. */
export function envelope(
  id: string,
  body: string,
  contentType: string,
  { secrets, now }: { readonly secrets: readonly string[]; readonly now: number },
): Envelope {
  const at = new Date(now);
  return {
    body,
    headers: {
      'content-type': contentType,
      accept: 'application/json',
      'user-agent': userAgent,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    },
  };
}
