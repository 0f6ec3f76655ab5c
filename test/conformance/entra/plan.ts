import type { ProfileName } from '../client/admin-client.js';
import { entraCases, numberOf, type EntraCase } from './cases.js';
import { reasonToLeaveOut } from './left-out.js';

/** Cases that need a service of their own; the suite runs them beside the table. */
export const casesWithOwnService: readonly string[] = ['H06', 'H08'];

/** Group probes, and the refusal to create a group on a product without groups. */
const casesOnEveryProfile: readonly string[] = ['T04', 'T17'];
const casesWithoutGroups: readonly string[] = ['G16'];
const casesOncePerEngine: readonly string[] = ['H07'];

/** The cases of the table that run on a tenant of the profile, in file order. */
export function casesFor(profile: ProfileName): readonly EntraCase[] {
  return entraCases.filter((entraCase) => {
    const number = numberOf(entraCase);
    if (reasonToLeaveOut(entraCase) !== undefined || casesWithOwnService.includes(number)) return false;
    if (casesOnEveryProfile.includes(number)) return true;
    if (entraCase.tags.includes('sendsafely') || casesWithoutGroups.includes(number)) return profile === 'sendsafely';
    if (casesOncePerEngine.includes(number)) return profile === 'cleanmail';
    return profile !== 'sendsafely';
  });
}
