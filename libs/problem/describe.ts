import type { ProblemText, Words } from './catalogue/entry.js';
import { FIELD_RULES, INVALID } from './catalogue/fields.js';
import { PROBLEMS } from './catalogue.js';
import type { Json } from '#libs/event-log/json.js';
import type { FieldProblem, Problem, ProblemDetails } from './problem.js';

export type Language = 'vi' | 'en';

export function textOf(type: string): ProblemText {
  const text = PROBLEMS[type];
  if (!text) throw new Error(`problem type ${type} has no entry in the catalogue`);
  return text;
}

/** What is wrong and how to mend it, in words. */
export function detailOf(problem: Problem, language: Language): string {
  return fill(textOf(problem.type).detail, problem.details, language);
}

/** What is wrong with a field. */
export function fieldDetail(field: FieldProblem, language: Language): string {
  const words = FIELD_RULES[field.rule] ?? PROBLEMS[field.rule]?.title ?? INVALID;
  return fill(words, field.details ?? {}, language);
}

/** One line for a command line. */
export function oneLine(problem: Problem): string {
  const fields = problem.fields.map((field) => `${field.pointer} ${fieldDetail(field, 'en')}`);
  const detail = detailOf(problem, 'en');
  return [fields.length > 0 ? detail.replace(/\.$/, '') : detail, ...fields].join('; ').replace(/\s+/g, ' ');
}

function fill(words: Words, details: ProblemDetails, language: Language): string {
  return words[language].replace(/\{(\w+)\}/g, (_, name: string) => inWords(details[name]));
}

function inWords(value: Json | undefined): string {
  if (value === undefined || value === null) return '–';
  if (Array.isArray(value)) return value.map(inWords).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
