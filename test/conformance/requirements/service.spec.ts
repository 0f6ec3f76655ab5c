import { runConformance } from '@cleanmail/cli';
import { expect, it } from '@jest/globals';
import { describeEachEngine } from '../../support/engines/index.js';
import { serviceForSuite } from '../../support/service-for-suite.js';
import { AdminClient, type ProfileName } from '../client/admin-client.js';

/**
 * Entra replaces `emails[type eq "work"].value` of users without a work address and counts on its creation, which
 * RFC 7644 section 3.5.2.3 forbids: the product creates the value that an equality describes.
 */
const deviations: readonly string[] = [];

describeEachEngine('What the service advertises', (engine) => {
  const profiles: readonly ProfileName[] = engine.name === 'sqlite' ? ['cleanmail', 'sendsafely'] : ['cleanmail'];
  const service = serviceForSuite(engine, { RATE_LIMIT_PER_SECOND: '1000' });

  it.each(profiles)('should be kept by the profile %s', async (profile) => {
    const { adminUrl, adminKey } = service();
    const admin = new AdminClient(adminUrl, adminKey);
    const tenant = await admin.createTenant({ name: `Conformance of ${profile}`, profile });
    const serviceAccount = profile === 'sendsafely' ? { serviceAccount: 'scim@example.com' } : {};
    const { token, tenantUrl } = await admin.issueToken(tenant.id, serviceAccount);
    const report = await runConformance({ url: tenantUrl, token });
    const unmet = report.results.filter(
      ({ level, outcome }) => level === 'MUST' && (outcome === 'fail' || outcome === 'not tried'),
    );
    expect(unmet.map(({ id }) => id)).toEqual(deviations);
    expect(report.counts.MUST.pass).toBeGreaterThan(200);
    const lists = report.results.filter(({ id }) => /^(sort|search|cursor)\./.test(id));
    expect(lists.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(lists.length).toBeGreaterThan(25);
    expect(report.leftBehind).toEqual([]);
  });
});
