/** Secrets of databases that only benchmarks use. */
export const benchSecrets = {
  adminKey: 'admin-key-of-a-benchmark',
  pepper: 'token-pepper-of-a-benchmark',
} as const;
