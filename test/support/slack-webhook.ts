// Owns a stand-in for Slack's incoming webhooks: refuses what Slack refuses, in Slack's words, and answers `ok` to the rest.
import { type Answering, loopbackServer, type SeenRequest } from '../agent/drivers/loopback-server.ts';

export interface SlackWebhook {
  /** The secret address. */
  readonly url: string;
  /** What was posted, oldest first: the parsed body. */
  readonly posted: readonly SlackBody[];
  /** The same as a reader sees it, mentions and links as they were written. */
  read(): readonly string[];
  /** Answers so from now on, whatever comes. */
  answer(answering: Answering): void;
  close(): Promise<void>;
}

export interface SlackBody {
  readonly text: string;
  readonly blocks: readonly Block[];
}

interface TextObject {
  readonly type: string;
  readonly text: string;
}

interface Block {
  readonly type: string;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly elements?: readonly TextObject[];
}

const PATH = '/services/T0SECRETTEAM/B0SECRETHOOK/s3cr3tS3cr3tS3cr3t';

export const slackWebhook = async (): Promise<SlackWebhook> => {
  const posted: SlackBody[] = [];
  const server = await loopbackServer((request, response) => {
    const refusal = refusalOf(request);
    if (refusal === null) posted.push(JSON.parse(request.body));
    const [status, word] = refusal ?? [200, 'ok'];
    response.writeHead(status, { 'content-type': 'text/html' }).end(word);
  });
  return {
    url: `${server.url}${PATH}`,
    posted,
    read: () => posted.map(({ text, blocks }) => [text, ...blocks.flatMap(textsOf)].map(unescaped).join('\n')),
    answer: server.answer,
    close: server.close,
  };
};

type Refusal = readonly [status: number, word: string];

const refusalOf = ({ method, path, headers, body }: SeenRequest): Refusal | null => {
  if (method !== 'POST' || path !== PATH) return [404, 'no_service'];
  if (!/^application\/json(;|$)/.test(headers['content-type'] ?? '')) return [400, 'invalid_payload'];
  let given: { readonly text?: unknown; readonly blocks?: unknown };
  try {
    given = JSON.parse(body);
  } catch {
    return [400, 'invalid_payload'];
  }
  const { text, blocks = [] } = given;
  if (typeof text !== 'string' || text === '') return [400, 'no_text'];
  if (text.length > 40_000) return [400, 'msg_too_long'];
  if (!isMrkdwn(text)) return [400, 'invalid_payload: text is not escaped'];
  if (!Array.isArray(blocks) || blocks.length > 50) return [400, 'invalid_blocks'];
  const wrong = blocks.findIndex((block: Block) => !isBlock(block));
  return wrong === -1 ? null : [400, `invalid_blocks: ${wrong}`];
};

const isBlock = ({ type, text, fields, elements }: Block): boolean => {
  if (type === 'header') return text?.type === 'plain_text' && isText(text, 150);
  if (type === 'context') return elements !== undefined && isListOf(elements, 2_000);
  if (type !== 'section' || (text === undefined && fields === undefined)) return false;
  return (text === undefined || isText(text, 3_000)) && (fields === undefined || isListOf(fields, 2_000));
};

const isListOf = (texts: readonly TextObject[], longest: number): boolean =>
  texts.length >= 1 && texts.length <= 10 && texts.every((text) => isText(text, longest));

const isText = ({ type, text }: TextObject, longest: number): boolean =>
  typeof text === 'string' &&
  text.length >= 1 &&
  text.length <= longest &&
  (type === 'plain_text' || (type === 'mrkdwn' && isMrkdwn(text)));

const MARKUP = /<(?:@[UW][A-Z0-9]+|!subteam\^S[A-Z0-9]+|https?:\/\/[^<>|]+\|[^<>|]+)>/g;

/** Slack lets through what is not escaped, and makes mentions and links of it; here that is an error. */
const isMrkdwn = (text: string): boolean => !/[<>]|&(?!(?:amp|lt|gt);)/.test(text.replace(MARKUP, ''));

const textsOf = ({ text, fields = [], elements = [] }: Block): readonly string[] =>
  [...(text === undefined ? [] : [text]), ...fields, ...elements].map((part) => part.text);

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
