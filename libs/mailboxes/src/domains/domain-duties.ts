import { Database, type TenantId } from '@cleanmail/database';
import type { EventCause } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { OpenClaims } from '../open-claims.js';
import { RoleMailboxes } from './role-mailboxes.js';
import { WaitingMailboxes } from './waiting-mailboxes.js';

/**
 * What follows from owning a domain, in short transactions: claims from the time without an owner end or become proper
 * ones, the role mailboxes are made, and what waited for the domain is granted. Every step may be repeated, on any node.
 */
@Injectable()
export class DomainDuties {
  constructor(
    private readonly database: Database,
    private readonly openClaims: OpenClaims,
    private readonly roles: RoleMailboxes,
    private readonly waiting: WaitingMailboxes,
  ) {}

  async settle(
    tenant: TenantId,
    nameAscii: string,
    cause: EventCause,
    goesOn: () => Promise<boolean> = async () => true,
  ): Promise<void> {
    await this.openClaims.adoptOwn(tenant, nameAscii);
    await this.openClaims.evictAll(nameAscii, cause);
    await this.roles.ensure(tenant, nameAscii, cause);
    await this.waiting.release(tenant, nameAscii, cause, goesOn);
    await this.database.write((session) =>
      session.run(
        "UPDATE mail_domain SET settled_at = ? WHERE tenant_id = ? AND name_ascii = ? AND status IN ('verified', 'suspended') AND settled_at IS NULL",
        [cause.at, tenant, nameAscii],
      ),
    );
  }
}
