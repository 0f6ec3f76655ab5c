import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { DomainRegistry, type DomainWithWaiting } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';
import { TenantsService } from './tenants.service.js';

/** Hands mail domains from one tenant to another, both of which must be there. */
@Injectable()
export class DomainTransfers {
  constructor(
    private readonly tenants: TenantsService,
    private readonly domains: DomainRegistry,
  ) {}

  /**
   * Answers the domain as its new owner has it.
   * @throws TenantNotFoundError for either tenant; DomainNotFoundError, DomainStateError.
   */
  async transfer(from: TenantId, actor: Actor, domain: string, to: TenantId): Promise<DomainWithWaiting> {
    await this.tenants.require(from);
    await this.tenants.require(to);
    return this.domains.transfer(from, actor, domain, to);
  }
}
