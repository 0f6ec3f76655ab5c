import { Database, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { TenantMail } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';
import { TenantRepository } from './tenant.repository.js';

/** The end of a closed tenant's mail, at once or when the notice period is over. */
@Injectable()
export class TenantClosure {
  constructor(
    private readonly database: Database,
    private readonly tenants: TenantRepository,
    private readonly mail: TenantMail,
  ) {}

  /** Gives up mailboxes, addresses and domains in short transactions; may be repeated after a crash. */
  async finish(tenant: TenantId, cause: EventCause): Promise<void> {
    await this.mail.close(tenant, cause);
    await this.database.write((session) => this.tenants.markMailEnded(session, tenant));
  }
}
