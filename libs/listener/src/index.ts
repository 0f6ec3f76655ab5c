export { Drain } from './drain.js';
export { EnvironmentModule } from './environment.module.js';
export { bodyLimit, createListener, type ListenerEnvironment } from './listener.js';
export { createLogger, NestLogger } from './logger.js';
export { Metrics } from './metrics.js';
export { ScimAddress } from './scim-address.js';
export { type Binding, listenerEnvironment, openListeners, type OpenListeners } from './open-listeners.js';
export { runProcess, runUntilStopped } from './run-until-stopped.js';
export type { Surface, SurfaceError } from './surface.js';
