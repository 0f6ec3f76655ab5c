import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigurationError } from '@cleanmail/config';
import { Metrics } from '@cleanmail/listener';
import type { RecipientsServer } from './recipients-server.js';

/** Health and metrics of a recipient server, over HTTP; it names no tenant and no person. */
export class StatusServer {
  private readonly metrics = new Metrics();
  private readonly server: Server;

  constructor(private readonly recipients: RecipientsServer) {
    this.addGauges();
    this.server = createServer({ requestTimeout: 10_000 }, (request, response) => {
      void this.answer(request.url ?? '').then(([status, type, body]) =>
        response.writeHead(status, { 'content-type': type, connection: 'close' }).end(body),
      );
    });
  }

  /** @throws ConfigurationError naming RECIPIENTS_STATUS_PORT. */
  async listen(port: number, host: string): Promise<number> {
    try {
      this.server.listen(port, host);
      await once(this.server, 'listening');
    } catch (error) {
      const problem = `${host}:${port} cannot be bound (${(error as NodeJS.ErrnoException).code})`;
      throw new ConfigurationError([{ variable: 'RECIPIENTS_STATUS_PORT', problem, example: '47712' }]);
    }
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(url: string): Promise<readonly [status: number, type: string, body: string]> {
    const { state, ageMilliseconds } = this.recipients;
    switch (url) {
      case '/health/live':
        return [200, 'application/json', JSON.stringify({ status: 'ok' })];
      case '/health/ready': {
        const snapshotAgeSeconds = Number.isFinite(ageMilliseconds) ? Math.round(ageMilliseconds / 1000) : null;
        const status = state === 'ready' ? 'ok' : 'unavailable';
        const body = JSON.stringify({ status, checks: { snapshot: state, snapshotAgeSeconds } });
        return [state === 'ready' ? 200 : 503, 'application/json', body];
      }
      case '/metrics':
        return [200, 'text/plain; version=0.0.4; charset=utf-8', await this.metrics.render()];
      default:
        return [404, 'text/plain', 'There are /health/live, /health/ready and /metrics.\n'];
    }
  }

  private addGauges(): void {
    const { recipients, metrics } = this;
    const gauges: Readonly<Record<string, readonly [help: string, read: () => number]>> = {
      rows: ['Addresses in the snapshot, removed ones among them.', () => recipients.copy.rows.size],
      connections: ['Open connections of Postfix.', () => recipients.connections],
      snapshot_age_seconds: [
        'Since when the snapshot was not compared with the database.',
        () => recipients.ageMilliseconds / 1000,
      ],
      kept_losses: [
        'Addresses that the service has lost, and that are kept until RECIPIENTS_ACCEPT_LOSS names their tenant.',
        () => recipients.copy.tenants.reduce((sum, { keptLosses }) => sum + keptLosses, 0),
      ],
      lookups: [
        'Lookups that were answered.',
        () => [...recipients.lookups.values()].reduce((sum, count) => sum + count, 0),
      ],
      lookups_put_off: [
        'Lookups that were answered TEMP.',
        () => [...recipients.lookups].reduce((sum, [label, count]) => sum + (label.endsWith(' TEMP') ? count : 0), 0),
      ],
    };
    for (const [name, [help, read]] of Object.entries(gauges)) {
      metrics.addGauge(`cleanmail_recipients_${name}`, help, read);
    }
  }
}
