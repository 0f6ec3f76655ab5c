import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import { type AddressPolicy, bareHost } from './address-policy.js';

/** Asks for all addresses of a name; tests give another. */
export type Resolve = (
  host: string,
  answer: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

/** No address of the host may be reached. */
export class RefusedAddressError extends Error {
  override readonly name = RefusedAddressError.name;
  readonly code = 'refused_address';
}

type LookupAnswer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/**
 * Connects only where the policy allows. The addresses that were looked at are those that are connected to: a name
 * that resolves to something else a moment later gains nothing.
 */
export function guardedConnector(
  policy: AddressPolicy,
  timeout: number,
  resolve: Resolve = (host, answer) => systemLookup(host, { all: true, verbatim: true }, answer),
): buildConnector.connector {
  return (options, callback) => {
    const host = bareHost(options.hostname);
    const isAllowed = (address: string) => policy.isAllowed(host, address, options.protocol);
    if (isIP(host) !== 0 && !isAllowed(host)) {
      callback(new RefusedAddressError('the address is private'), null);
      return;
    }
    const lookup = (name: string, { all }: LookupOptions, answer: LookupAnswer): void =>
      resolve(name, (error, addresses) => {
        const [first, ...more] = addresses.filter(({ address }) => isAllowed(address));
        if (error !== null || first === undefined) {
          answer(error ?? new RefusedAddressError('every address of the host is private'), '', 4);
        } else if (all === true) {
          answer(null, [first, ...more]);
        } else {
          answer(null, first.address, first.family);
        }
      });
    buildConnector({ timeout, lookup })(options, callback);
  };
}
