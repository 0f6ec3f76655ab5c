/** Sentences of executed cases that speak to the reader and demand nothing new, with the reason. */
export const remarks: Readonly<Record<string, string>> = {
  '400 here breaks on-demand provisioning': 'the expected status is 200 alone',
  'A response that cannot be deserialised gives SystemForCrossDomainIdentityManagementServiceIncompatible':
    'names the consequence at Entra; the form of the answer is asserted by the sentence before it',
  "Entra then sends the next matching attribute's filter and stops at the first hit": 'the follow-up requests do this',
  'Unsupported: ignored, no 400': 'the product supports roles; the expected statuses leave 400 out',
};
