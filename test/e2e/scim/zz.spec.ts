import { it } from '@jest/globals';
import { TenantClient } from '../../conformance/client/tenant-client.js';
import { plainUser, uniqueAddress } from '../../conformance/entra/people.js';
import { withService } from '../../support/embedded-engine.js';
it('x', async () => {
  await withService({}, async (s) => {
    const t = await TenantClient.open(s, 'cleanmail');
    const u = await t.createUser(plainUser(uniqueAddress()));
    for (const headers of [{}, {Host: 'x.example'}]) { const a = await t.send('GET', `/Users?filter=id+eq+%22${u.id}%22`, {headers});
    process.stderr.write(a.status + a.text + '\n'); }
    const p = await t.send('PATCH', `/Users/${u.id}`, { body: { Operations: [{ op: 'replace', path: 'title', value: 'x' }] } });
    process.stderr.write(p.status + p.text + '\n');
  });
});
