import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { ScimAddress } from '@cleanmail/listener';
import { Inject, Injectable } from '@nestjs/common';
import type { ScimCall } from './scim-call.js';

/**
 * What `Location` and `meta.location` start with: PUBLIC_SCIM_URL; else, behind a trusted proxy, the host that the
 * client used; else the listener. A host that anybody may claim in a header is never believed.
 */
@Injectable()
export class ScimUrls {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly listener: ScimAddress,
  ) {}

  /** The base URL of the caller's service, without a slash at its end. */
  baseUrl({ principal, origin }: ScimCall): string {
    const { publicScimUrl, trustedProxies } = this.configuration;
    const start = publicScimUrl ?? (trustedProxies === undefined ? this.listener.url : origin);
    return `${start}${principal.profile.basePath}`;
  }
}
