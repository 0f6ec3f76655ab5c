/** What the global set-up started, for the global tear-down, which Jest loads in the same process. */
export const running = { engines: [], servers: [], folder: undefined };
