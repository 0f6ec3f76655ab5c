import type { Session, TenantId } from '@cleanmail/database';
import type { MailDomain } from './mail-domain.js';

const insert =
  'INSERT INTO mail_relay_domain (name, tenant_id, name_ascii, next_hop, unknown_recipient_policy, subaddressing, active, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?)';

/**
 * Writes what gateways read of an owned domain: a row for the A-labels and one for the U-labels, as Postfix converts
 * neither; inactive while the domain is suspended.
 */
export async function insertRelayDomain(
  tenant: TenantId,
  session: Session,
  domain: MailDomain,
  version: number,
): Promise<void> {
  const { nameAscii, nextHop, unknownRecipientPolicy, subaddressing, status } = domain;
  for (const name of new Set([nameAscii, domain.name])) {
    const ascii = name === nameAscii ? null : nameAscii;
    const settings = [nextHop, unknownRecipientPolicy, subaddressing];
    await session.run(insert, [name, tenant, ascii, ...settings, status === 'verified', version]);
  }
}
