/**
 * Reads TypeScript as text without being fooled by what is not code: comments, strings, templates
 * and regular expressions are blanked, and every character that is left keeps its place.
 *
 * Not a parser: whether a slash divides or opens a regular expression is judged by the token before
 * it, so a regular expression straight after `)` or `}` is taken for a division.
 *
 * @module
 */

/** A file of the repository. */
export interface SourceFile {
  /** Path from the root of the repository, with forward slashes. */
  readonly path: string;
  /** The whole text. */
  readonly text: string;
}

/** A specifier that a file imports or re-exports from, also dynamically or in a type. */
export interface ImportSite {
  /** What stands between the quotes. */
  readonly specifier: string;
  /** Line of the specifier, from 1. */
  readonly line: number;
}

const COMMENT = /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const STRING = /"(?:\\[\s\S]|[^"\\\n])*"?|'(?:\\[\s\S]|[^'\\\n])*'?/y;
const TEMPLATE_CHUNK = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{|$)/y;
const REGEX = /\/(?:\\[^\n]|\[(?:\\[^\n]|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/y;
const WORD = /[\p{ID_Start}$_#\d][\p{ID_Continue}$]*/uy;

/** Tokens that leave an expression open, so that a slash after them opens a regular expression. */
const OPENING_TOKEN =
  /^(?:[(,=:[!&|?{;+\-*%~^<>]?|return|typeof|case|in|of|delete|void|throw|do|else|yield|await)$/;

/** Where the reading of a text stands. */
interface Reader {
  /** The last token that was code, or what stands for it. */
  lastToken: string;
  /** How many braces are open. */
  depth: number;
  /** For each template that is being filled in: the braces that were open at its `${`. */
  readonly templateDepths: number[];
}

/**
 * Blanks everything that is not code.
 *
 * @param source TypeScript.
 * @returns A text of the same length and the same lines, with spaces for comments, for the content
 * of strings (their quotes stay), for the text of templates and for regular expressions.
 */
export function blankNonCode(source: string): string {
  const reader: Reader = { lastToken: "", depth: 0, templateDepths: [] };
  let code = "";
  while (code.length < source.length) {
    const at = code.length;
    code += blankComment(source, at) ?? blankTemplate(reader, source, at) ??
      blankString(reader, source, at) ?? blankRegex(reader, source, at) ??
      readToken(reader, source, at);
  }
  return code;
}

/**
 * Finds what a file imports.
 *
 * @param source TypeScript.
 * @returns Every literal specifier, in the order of the file. A dynamic import of a computed
 * specifier cannot be seen.
 */
export function readImports(source: string): ImportSite[] {
  const code = blankNonCode(source);
  const sites: ImportSite[] = [];
  for (const found of code.matchAll(/(?<![\w.$])(?:from\s*|import\s*\(?\s*)(["'])/g)) {
    const start = found.index + found[0].length;
    const end = code.indexOf(found[1] ?? '"', start);
    sites.push({ specifier: source.slice(start, end), line: lineAt(source, start) });
  }
  return sites;
}

/**
 * Finds every match of a pattern in blanked code.
 *
 * @param code What {@link blankNonCode} returned.
 * @param pattern A global pattern.
 * @returns The matched text and its line, from 1.
 */
export function findInCode(code: string, pattern: RegExp): { text: string; line: number }[] {
  return [...code.matchAll(pattern)].map((found) => ({
    text: found[0],
    line: lineAt(code, found.index),
  }));
}

function blankComment(source: string, at: number): string | undefined {
  const comment = match(COMMENT, source, at);
  return comment === undefined ? undefined : spaces(comment);
}

/** Blanks a template up to its end or up to the next `${`, and goes on after the `}` of one. */
function blankTemplate(reader: Reader, source: string, at: number): string | undefined {
  const goesOn = source[at] === "}" && reader.depth === reader.templateDepths.at(-1);
  if (source[at] !== "`" && !goesOn) return undefined;
  if (goesOn) reader.templateDepths.pop();
  const chunk = match(TEMPLATE_CHUNK, source, at) ?? "`";
  const opensExpression = chunk.endsWith("${");
  if (opensExpression) reader.templateDepths.push(reader.depth);
  reader.lastToken = opensExpression ? "(" : ")";
  return spaces(chunk);
}

function blankString(reader: Reader, source: string, at: number): string | undefined {
  const text = match(STRING, source, at);
  if (text === undefined) return undefined;
  reader.lastToken = ")";
  const quote = text.charAt(0);
  const closed = text.length > 1 && text.endsWith(quote);
  return closed ? quote + spaces(text.slice(1, -1)) + quote : quote + spaces(text.slice(1));
}

function blankRegex(reader: Reader, source: string, at: number): string | undefined {
  if (!OPENING_TOKEN.test(reader.lastToken)) return undefined;
  const regex = match(REGEX, source, at);
  if (regex === undefined) return undefined;
  reader.lastToken = ")";
  return spaces(regex);
}

function readToken(reader: Reader, source: string, at: number): string {
  const token = match(WORD, source, at) ?? source.charAt(at);
  if (token === "{") reader.depth++;
  if (token === "}") reader.depth--;
  if (token.trim() !== "") reader.lastToken = token;
  return token;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

function match(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

function spaces(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
