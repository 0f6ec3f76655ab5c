import { inSession, type PostfixInstance } from '../support/postfix/postfix-instance.js';
import { expectedAnswers, expectedAnswersUtf8 } from './expected-answers.js';

/** Every recipient of the table as one line, asked in two messages of one session. */
export async function answersOf(postfix: PostfixInstance): Promise<readonly string[]> {
  return inSession(postfix, async (session) => {
    const lines: string[] = [];
    for (const [utf8, table] of [
      [false, expectedAnswers],
      [true, expectedAnswersUtf8],
    ] as const) {
      await session.mail({ utf8 });
      for (const [title, address, expected] of table) {
        const reply = await session.rcpt(address);
        lines.push(`${title}: ${address}: ${reply.startsWith(expected) ? expected : reply}`);
      }
    }
    return lines;
  });
}

/** The lines that {@link answersOf} must give; a reply may say more than is expected. */
export const expectedLines: readonly string[] = [...expectedAnswers, ...expectedAnswersUtf8].map(
  ([title, address, reply]) => `${title}: ${address}: ${reply}`,
);
