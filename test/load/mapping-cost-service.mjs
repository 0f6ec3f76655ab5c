// One service for mapping-cost.mjs, on the built packages; prints its URLs. MAPPING=off leaves the mailboxes out.
import { startService } from '@cleanmail/cli';
import { readConfiguration } from '@cleanmail/config';
import { MailboxProvisioning } from '@cleanmail/mailboxes';

const { MAPPING, ...environment } = process.env;
if (MAPPING === 'off') {
  MailboxProvisioning.prototype.userCreated = async (_tenant, _session, _facts, { last }) => {
    await last();
    return { mailboxId: '', status: 'pending', reason: null };
  };
}
const service = await startService(readConfiguration(environment));
process.stdout.write(`${JSON.stringify({ scimUrl: service.scimUrl, adminUrl: service.adminUrl })}\n`);
process.stdin.resume().on('end', () => void service.stop());
