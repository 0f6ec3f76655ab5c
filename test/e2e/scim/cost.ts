/**
 * What a request costs the service in processor time. Client and service share the test's process, so the client's
 * small part is in it; what other processes of the machine do is not.
 */
export async function costOf<T>(
  send: () => Promise<T>,
): Promise<{ readonly answer: T; readonly cpuMilliseconds: number }> {
  const before = process.cpuUsage();
  const answer = await send();
  const { user, system } = process.cpuUsage(before);
  return { answer, cpuMilliseconds: (user + system) / 1000 };
}
