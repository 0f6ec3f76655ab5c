import type { TenantId } from '@cleanmail/database';
import type { Actor } from '@cleanmail/journal';
import { causeOf, DomainRegistry, DomainsService, DomainTransfer, type DomainWithWaiting } from '@cleanmail/mailboxes';
import { Injectable } from '@nestjs/common';
import { TenantsService } from './tenants.service.js';

/** Hands mail domains from one tenant to another, both of which must be there. */
@Injectable()
export class DomainTransfers {
  constructor(
    private readonly tenants: TenantsService,
    private readonly registry: DomainRegistry,
    private readonly domains: DomainsService,
    private readonly transfers: DomainTransfer,
  ) {}

  /**
   * Answers the domain as its new owner has it.
   * @throws TenantNotFoundError for either tenant; DomainNotFoundError, DomainStateError.
   */
  async transfer(from: TenantId, actor: Actor, domain: string, to: TenantId): Promise<DomainWithWaiting> {
    await this.tenants.require(from);
    await this.tenants.require(to);
    const { ascii: nameAscii } = this.registry.parseOne(domain);
    await this.transfers.transfer({ from, to, nameAscii }, causeOf(actor));
    return this.domains.get(to, nameAscii);
  }
}
