/** Injection token of the service's {@link Configuration}. */
export const CONFIGURATION = Symbol('CONFIGURATION');
