import { type Invariant, sqlInvariant } from '@cleanmail/database';

const relayRows = `(SELECT COUNT(*) FROM mail_relay_domain l WHERE l.tenant_id = r.tenant_id AND l.name IN (r.name_ascii, r.name_unicode)
   AND l.unknown_recipient_policy = r.unknown_recipient_policy AND COALESCE(l.next_hop, '') = COALESCE(r.next_hop, '')
   AND COALESCE(l.name_ascii, l.name) = r.name_ascii AND l.subaddressing = r.subaddressing
   AND (l.active = 1) = (r.status = 'verified'))`;

const told = sqlInvariant<{ readonly name_ascii: string; readonly status: string }>({
  name: 'domain-relay-rows',
  sentence: 'Gateways read every owned domain in both of its forms, with its settings.',
  remedy: 'Set any setting of the domain with "cleanmail domain set", which writes its rows anew.',
  over: { table: 'mail_domain', key: 'id' },
  columns: 'r.name_ascii, r.status',
  broken: `r.status IN ('verified', 'suspended') AND ${relayRows} <> (CASE WHEN r.name_ascii = r.name_unicode THEN 1 ELSE 2 END)`,
  problem: ({ name_ascii: name, status }) =>
    `the domain ${name} is ${status}, and what gateways read of it is something else`,
});

const owned = sqlInvariant({
  name: 'relay-domain-owner',
  sentence: 'Gateways know no domain that its tenant does not own.',
  remedy: 'Mail for it is accepted without an owner: have the developers delete the row at once.',
  over: { table: 'mail_relay_domain', key: 'name' },
  broken:
    "NOT EXISTS (SELECT 1 FROM mail_domain d WHERE d.tenant_id = r.tenant_id AND r.name IN (d.name_ascii, d.name_unicode) AND d.status IN ('verified', 'suspended'))",
  problem: ({ id }) => `gateways know the domain ${id}, which the tenant does not own`,
});

/** Domains, and what gateways read of them. */
export const domainInvariants: readonly Invariant[] = [told, owned];
