import { Database } from '@cleanmail/database';
import { Injectable } from '@nestjs/common';
import { type AddressExplanation, AddressExplanations } from './address-explanation.js';
import { lookUpRecipient, lookUpRecipients } from './recipient-lookup.js';
import {
  recipientQuestion,
  type RecipientQuestion,
  type RecipientVerdict,
  resolveRecipient,
} from './resolve-recipient.js';

const recipientsPerRead = 500;

/**
 * What a gateway does with mail for a recipient, whichever tenant's it is: the tenant comes back in the answer. An odd
 * text is never an error, it is unknown; a database that does not answer is always one, never an unknown recipient.
 */
@Injectable()
export class RecipientResolver {
  constructor(
    private readonly database: Database,
    private readonly explanations: AddressExplanations,
  ) {}

  /**
   * The verdict on one recipient, in one round trip to the database.
   * @throws DatabaseUnavailableError when the database does not answer: put the mail off, do not refuse it.
   */
  async resolve(recipient: string): Promise<RecipientVerdict> {
    const question = recipientQuestion(recipient);
    if (isNobodys(question)) {
      return { kind: 'unknownDomain' };
    }
    const facts = await this.database.read((session) => lookUpRecipient(session, question));
    return resolveRecipient(question, facts).verdict;
  }

  /**
   * The verdicts on many recipients by the texts that were given, the same as {@link resolve} gives for each; two
   * statements for every 500 of them. @throws DatabaseUnavailableError
   */
  async resolveMany(recipients: Iterable<string>): Promise<ReadonlyMap<string, RecipientVerdict>> {
    const wanted = [...new Set(recipients)];
    const verdicts = new Map<string, RecipientVerdict>();
    for (let start = 0; start < wanted.length; start += recipientsPerRead) {
      const some = wanted.slice(start, start + recipientsPerRead);
      const questions = some.map(recipientQuestion);
      const facts = await this.database.read((session) => lookUpRecipients(session, questions));
      questions.forEach((question, index) => {
        const known = facts[index] ?? { domain: undefined, recipients: [] };
        verdicts.set(some[index] ?? '', resolveRecipient(question, known).verdict);
      });
    }
    return verdicts;
  }

  /** The verdict with what it rests on: which row, which rule, since when, by whom. For support of the whole platform. */
  async explain(recipient: string): Promise<AddressExplanation> {
    return this.explanations.explainAnywhere(recipient);
  }
}

/** Whether there is nothing to look up: the text names no domain at all. */
function isNobodys({ domainAscii }: RecipientQuestion): boolean {
  return domainAscii === null;
}
