import { CONFIGURATION, type Configuration } from '@cleanmail/config';
import { Inject, Injectable } from '@nestjs/common';
import type { ScimCall } from './scim-call.js';

/**
 * What `Location` and `meta.location` start with: PUBLIC_SCIM_URL, else the host that the client used, which is only
 * the forwarded one when it comes from a trusted proxy.
 */
@Injectable()
export class ScimUrls {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** The base URL of the caller's service, without a slash at its end. */
  baseUrl({ principal, origin }: ScimCall): string {
    return `${this.configuration.publicScimUrl ?? origin}${principal.profile.basePath}`;
  }
}
