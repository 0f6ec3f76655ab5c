import type { TenantId } from '@cleanmail/database';
import {
  type DecisiveRow,
  decideRecipient,
  type FeedRecipient,
  type Fingerprint,
  fingerprintOf,
  type KnownDomain,
  parseDomain,
  type RecipientDecision,
  recipientQuestion,
  type RelayDomain,
} from '@cleanmail/mailboxes';
import { RecipientRows } from './recipient-rows.js';
import { TenantCopy } from './tenant-copy.js';

/** A domain and the addresses there, by their local parts. */
export interface DomainCopy {
  readonly recipients: Map<string, number>;
  owner: RelayDomain | undefined;
}

/** The decision about a recipient, with its domain. */
export interface Found {
  readonly decision: RecipientDecision<DecisiveRow>;
  readonly domain: RelayDomain | undefined;
  /** The tenant that was asked for is not all there yet, so that not to find somebody says nothing. */
  readonly isUncertain: boolean;
}

const nothing: Fingerprint = [0n, 0n];

/**
 * A gateway's copy of recipients and domains, in memory: a map of local parts for each domain, and columns of numbers.
 * Rows come in the order in which they were read from the database, so that the last one about an address counts,
 * whichever tenant it is of.
 */
export class RecipientCopy {
  private readonly tenantsById = new Map<TenantId, TenantCopy>();
  private readonly byIndex: TenantCopy[] = [];
  readonly domains = new Map<string, DomainCopy>();
  readonly rows = new RecipientRows();

  get tenants(): readonly TenantCopy[] {
    return this.byIndex;
  }

  tenant(id: TenantId): TenantCopy {
    const known = this.tenantsById.get(id);
    if (known !== undefined) {
      return known;
    }
    const added = new TenantCopy(id, this.byIndex.length);
    this.tenantsById.set(id, added);
    this.byIndex.push(added);
    return added;
  }

  /** Takes rows of a tenant in, whatever was known of their addresses. */
  apply(tenant: TenantCopy, recipients: readonly FeedRecipient[]): void {
    for (const recipient of recipients) {
      const at = recipient.key.lastIndexOf('@');
      const fingerprint = fingerprintOf(recipient);
      this.put(tenant, recipient.key.slice(at + 1), recipient.key.slice(0, at), recipient.action, fingerprint);
    }
  }

  /** Sets one row. */
  put(
    tenant: TenantCopy,
    domain: string,
    local: string,
    action: FeedRecipient['action'],
    fingerprint: Fingerprint | undefined,
  ): void {
    const { recipients } = this.domain(domain);
    const row = { tenant: tenant.index, action, walk: tenant.walk, fingerprint: fingerprint ?? nothing };
    const index = recipients.get(local);
    if (index === undefined) {
      // A part of a longer text would keep the whole of it in memory.
      recipients.set(Buffer.from(local, 'latin1').toString('latin1'), this.rows.add(row));
    } else {
      this.forget(index);
      this.rows.set(index, row);
    }
    tenant.rows += 1;
    tenant.met += 1;
    if (fingerprint !== undefined) {
      tenant.digest.add(fingerprint);
    }
  }

  /** The domains that a tenant owns from now on. */
  setDomains(tenant: TenantCopy, owned: readonly RelayDomain[]): void {
    const names = new Set(owned.map(({ name }) => name));
    for (const name of tenant.domains) {
      const domain = this.domain(name);
      if (!names.has(name) && domain.owner?.tenantId === tenant.id) {
        domain.owner = undefined;
      }
    }
    tenant.domains.clear();
    owned.forEach((domain) => this.addDomain(tenant, domain));
  }

  addDomain(tenant: TenantCopy, domain: RelayDomain): void {
    tenant.domains.add(domain.name);
    this.domain(domain.name).owner = domain;
  }

  /** Canonicalises a recipient and decides about it by the one rule that the service has as well. */
  find(raw: string): Found {
    const question = recipientQuestion(raw);
    const domain = question.domainAscii === null ? undefined : this.domains.get(question.domainAscii);
    const recipients = domain === undefined ? [] : question.keys.flatMap((key) => this.row(domain, key) ?? []);
    const decision = decideRecipient(question, { domain: knownDomain(domain?.owner), recipients });
    const tenant = domain?.owner?.tenantId ?? decision.row?.tenant;
    const isUncertain = tenant !== undefined && this.tenantsById.get(tenant)?.isComplete === false;
    return { decision, domain: domain?.owner, isUncertain };
  }

  /** The domain of a name in either form, when a tenant owns it. */
  findDomain(raw: string): RelayDomain | undefined {
    const name = parseDomain(raw.trim());
    return name === undefined ? undefined : this.domains.get(name.ascii)?.owner;
  }

  /** How many rows of a tenant that are not gone the present walk has not met. */
  countUnmet(tenant: TenantCopy): number {
    let live = 0;
    this.eachUnmet(tenant, (_recipients, _local, index) => {
      live += this.rows.action(index) === 'gone' ? 0 : 1;
    });
    return live;
  }

  /** Drops the rows of a tenant that the present walk has not met. */
  dropUnmet(tenant: TenantCopy): void {
    this.eachUnmet(tenant, (recipients, local, index) => {
      this.forget(index);
      recipients.delete(local);
      this.rows.remove(index);
    });
  }

  private eachUnmet(
    tenant: TenantCopy,
    visit: (recipients: Map<string, number>, local: string, index: number) => void,
  ): void {
    if (tenant.met === tenant.rows) {
      return;
    }
    for (const { recipients } of this.domains.values()) {
      for (const [local, index] of recipients) {
        if (this.rows.tenant(index) === tenant.index && this.rows.walk(index) !== tenant.walk) {
          visit(recipients, local, index);
        }
      }
    }
  }

  private domain(name: string): DomainCopy {
    const known = this.domains.get(name);
    if (known !== undefined) {
      return known;
    }
    const added: DomainCopy = { recipients: new Map(), owner: undefined };
    this.domains.set(Buffer.from(name, 'latin1').toString('latin1'), added);
    return added;
  }

  private row({ recipients }: DomainCopy, key: string): DecisiveRow | undefined {
    const index = recipients.get(key.slice(0, key.lastIndexOf('@')));
    const tenant = index === undefined ? undefined : this.byIndex[this.rows.tenant(index)];
    return index === undefined || tenant === undefined
      ? undefined
      : { key, tenant: tenant.id, action: this.rows.action(index) };
  }

  /** Takes a row out of what is counted of its tenant. */
  private forget(index: number): void {
    const tenant = this.byIndex[this.rows.tenant(index)];
    if (tenant === undefined) {
      return;
    }
    tenant.rows -= 1;
    tenant.met -= this.rows.walk(index) === tenant.walk ? 1 : 0;
    if (this.rows.action(index) !== 'gone') {
      tenant.digest.remove(this.rows.fingerprint(index));
    }
  }
}

function knownDomain(owner: RelayDomain | undefined): KnownDomain | undefined {
  return owner === undefined ? undefined : { ...owner, tenant: owner.tenantId };
}
