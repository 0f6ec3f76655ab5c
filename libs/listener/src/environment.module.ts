import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { Drain } from './drain.js';
import type { ListenerEnvironment } from './listener.js';
import { Metrics } from './metrics.js';
import { ScimAddress } from './scim-address.js';

/** What an application is given from outside, such as its database, as providers that every module can inject. */
@Module({})
export class EnvironmentModule {
  static with({ metrics, drain, scimAddress }: ListenerEnvironment, providers: readonly Provider[]): DynamicModule {
    const all = [
      { provide: Metrics, useValue: metrics },
      { provide: Drain, useValue: drain },
      { provide: ScimAddress, useValue: scimAddress },
      ...providers,
    ];
    return { module: EnvironmentModule, global: true, providers: all, exports: all };
  }
}
