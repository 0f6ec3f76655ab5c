/** How many resources a page holds when the client does not say, and at most. */
export const pageLimits = { defaultCount: 100, maxCount: 500 } as const;
