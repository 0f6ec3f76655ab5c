import { Database, type TenantId } from '@cleanmail/database';
import { type ClockJob, type ClockPass, type ClockTally, eachDue } from '@cleanmail/journal';
import { Injectable } from '@nestjs/common';
import { DomainCheck } from './domain-check.js';
import { DomainProof } from './domain-proof.js';
import { domainColumns, domainFromRow, type DomainRow } from './domain.repository.js';

interface DueDomain extends DomainRow {
  readonly tenant_id: TenantId;
}

const week = 7 * 86_400_000;

const due = `
  SELECT d.tenant_id, ${domainColumns} FROM mail_domain d
   WHERE d.status IN ('verified', 'suspended') AND d.verified_by = 'dns' AND (d.last_check_at IS NULL OR d.last_check_at < ?) AND d.id > ?
   ORDER BY d.id LIMIT 20`;

/** Looks once a week whether the TXT record of a verified domain is still there. Its loss alerts and does nothing else. */
@Injectable()
export class DomainCheckJob implements ClockJob {
  readonly name = 'domain-checks';
  readonly every = 3_600_000;

  constructor(
    private readonly database: Database,
    private readonly proof: DomainProof,
    private readonly check: DomainCheck,
  ) {}

  async run(pass: ClockPass): Promise<ClockTally> {
    const before = pass.cause.at - week;
    return eachDue<DueDomain>(
      pass,
      (last) => this.database.read((session) => session.all<DueDomain>(due, [before, last?.id ?? ''])),
      async ({ tenant_id: tenant, ...row }) => {
        const proof = await this.proof.look(domainFromRow(row));
        await this.check.record(tenant, row.name_ascii, proof, pass.cause);
        return proof.outcome === 'unknown' ? 'skipped' : 'done';
      },
    );
  }
}
