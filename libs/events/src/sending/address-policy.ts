import { isIP } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { EVENT_SETTINGS, type EventSettings } from '../event-settings.js';
import { InvalidReceiverError } from '../receivers.errors.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** Public by its range, and yet the cloud's own service that hands out credentials (Azure's wire server). */
const metadata = new Set(['168.63.129.16']);

/** Which addresses a delivery may go to: public ones, and those that the operator allows. */
@Injectable()
export class AddressPolicy {
  private readonly networks: readonly (readonly [Address, number])[];
  private readonly hosts: ReadonlySet<string>;

  constructor(@Inject(EVENT_SETTINGS) { allowPrivate }: EventSettings) {
    const isNetwork = (entry: string) => isIP(entry.split('/')[0] ?? '') !== 0;
    this.networks = allowPrivate.filter(isNetwork).map(toNetwork);
    this.hosts = new Set(allowPrivate.filter((entry) => !isNetwork(entry)).map((entry) => entry.toLowerCase()));
  }

  /** Whether a connection to this address may be made, for a host of this name. Plain HTTP only where the operator allows. */
  isAllowed(host: string, address: string, protocol: string): boolean {
    if (!ipaddr.isValid(address)) {
      return false;
    }
    const parsed = ipaddr.process(address);
    const isNamed = this.hosts.has(host.toLowerCase()) || this.networks.some((network) => matches(parsed, network));
    return isNamed || (protocol === 'https:' && parsed.range() === 'unicast' && !metadata.has(parsed.toString()));
  }

  /**
   * A URL as it is kept. Whether its host may be reached is decided when a connection is made.
   * @throws InvalidReceiverError
   */
  requireUrl(text: string): string {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !['https:', 'http:'].includes(url.protocol)) {
      throw new InvalidReceiverError('url: give an https URL.');
    }
    if (url.username !== '' || url.password !== '' || url.hash !== '') {
      throw new InvalidReceiverError('url: leave out user, password and fragment; deliveries are signed.');
    }
    const host = bareHost(url.hostname);
    const isPrivateName = this.hosts.has(host.toLowerCase()) || (isIP(host) === 0 && this.networks.length > 0);
    if (url.protocol === 'http:' && !isPrivateName && !(isIP(host) !== 0 && this.isAllowed(host, host, 'http:'))) {
      throw new InvalidReceiverError(
        'url: plain http is for hosts that EVENTS_ALLOW_PRIVATE names; give an https URL.',
      );
    }
    if (isIP(host) !== 0 && !this.isAllowed(host, host, url.protocol)) {
      throw new InvalidReceiverError('url: the address is private; name it in EVENTS_ALLOW_PRIVATE to allow it.');
    }
    return url.href;
  }
}

/** A host of a URL without the brackets of IPv6. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function toNetwork(entry: string): readonly [Address, number] {
  return entry.includes('/')
    ? ipaddr.parseCIDR(entry)
    : ipaddr.parseCIDR(`${entry}/${isIP(entry) === 4 ? '32' : '128'}`);
}

function matches(address: Address, [network, bits]: readonly [Address, number]): boolean {
  return address.kind() === network.kind() && address.match([network, bits] as [ipaddr.IPv4, number]);
}
