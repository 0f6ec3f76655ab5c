import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { DomainDuties } from './domain-duties.js';
import { waitsForDomain } from './waiting-mailboxes.js';

interface DueDomain {
  readonly id: string;
  readonly tenant_id: TenantId;
  readonly name_ascii: string;
}

/**
 * Owned domains where something is left to do: never settled, or a request that was under way while the domain was
 * verified left a waiting mailbox or an open claim behind.
 */
const unsettled = `
  SELECT d.id, d.tenant_id, d.name_ascii FROM mail_domain d
   WHERE d.status IN ('verified', 'suspended') AND d.transfer_to IS NULL AND d.id > ?
     AND (d.settled_at IS NULL
          OR EXISTS (SELECT 1 FROM mailbox_address_wish w WHERE w.tenant_id = d.tenant_id AND w.domain_ascii = d.name_ascii AND ${waitsForDomain})
          OR EXISTS (SELECT 1 FROM mailbox_address a WHERE a.domain_ascii = d.name_ascii AND a.basis = 'open' AND a.state <> 'released'))
   ORDER BY d.id LIMIT 50`;

/** Finishes what follows from owning a domain, wherever it was not done or broke off. */
@Injectable()
export class DomainDutiesJob implements ClockJob {
  readonly name = 'domain-duties';
  readonly every = 0;

  constructor(
    private readonly database: Database,
    private readonly duties: DomainDuties,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    return eachDue<DueDomain>(
      pass,
      (last) => this.database.read((session) => session.all<DueDomain>(unsettled, [last?.id ?? ''])),
      async ({ tenant_id: tenant, name_ascii: name }) => {
        await this.duties.settle(tenant, name, pass.cause, () => pass.goesOn());
        return 'done';
      },
    );
  }
}
