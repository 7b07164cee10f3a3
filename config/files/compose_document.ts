import { type Event, EVENT_ID, parseEvents, YAMLException } from "js-yaml";
import { composeScalar } from "./compose_scalar.ts";
import { Composition } from "./composition.ts";
import type { ConfigNode, MapNode } from "./config_node.ts";
import type { FaultList } from "./fault_list.ts";

/** How deep maps and lists may stand in each other. */
export const DEPTH_MAX = 64;

/**
 * Reads a text into nodes: one pass over the parser's events. What YAML allows and a configuration
 * must not hold is added to the faults and left out; after a syntax error there is nothing to read.
 *
 * @param text YAML or JSON, without a byte order mark.
 * @param faults Where faults go.
 * @returns The map at the root.
 * @throws {ConfigError} when there is no document, or none that can be read further.
 */
export function composeDocument(text: string, faults: FaultList): MapNode {
  const root = composeEvents(text, readEvents(text, faults), faults);
  const isNothing = root === null ||
    (root.kind === "scalar" && (root.value === null || root.value === ""));
  if (isNothing) {
    faults.add({
      at: null,
      path: [],
      message: "the file holds no document",
      got: "nothing",
      expected: "a map",
    });
    throw faults.toError("CONFIG_EMPTY");
  }
  if (root.kind === "map") return root;
  faults.add({
    at: root.at,
    path: [],
    message: "the document is no map",
    got: root.kind === "list" ? "a list" : "a single value",
    expected: "a map",
  });
  throw faults.toError("CONFIG_NOT_A_MAP");
}

function readEvents(text: string, faults: FaultList): readonly Event[] {
  try {
    return parseEvents(text, { maxDepth: DEPTH_MAX });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const isDeep = error.reason.startsWith("nesting exceeded");
    faults.add({
      at: error.mark?.position ?? null,
      path: [],
      message: isDeep ? "nested too deeply" : `syntax error: ${error.reason}`,
      got: isDeep ? `more than ${DEPTH_MAX} levels` : showAt(text, error.mark?.position),
      expected: isDeep ? `at most ${DEPTH_MAX}` : "YAML 1.2",
    });
    throw faults.toError("CONFIG_SYNTAX", error);
  }
}

const SHOWN_MAX = 20;

/** @returns What stands at an offset, to the end of its line. */
function showAt(text: string, position: number | undefined): string {
  const rest = text.slice(position ?? text.length).split(/\r|\n/, 1)[0]!.trim();
  if (rest === "") return "the end of the line";
  return JSON.stringify(rest.length > SHOWN_MAX ? `${rest.slice(0, SHOWN_MAX)}…` : rest);
}

function composeEvents(
  text: string,
  events: readonly Event[],
  faults: FaultList,
): ConfigNode | null {
  const composition = new Composition(faults, DEPTH_MAX);
  refuseSeveralDocuments(text, events, faults);
  let at = 0;
  for (const event of events) {
    at = startOf(event) ?? at;
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        break;
      case EVENT_ID.SCALAR: {
        const { node, problem } = composeScalar(text, event, at);
        composition.addScalar(node, problem, anchorOf(text, event));
        break;
      }
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        composition.open({
          kind: event.type === EVENT_ID.MAPPING ? "map" : "list",
          at: event.start,
          anchor: anchorOf(text, event),
          tag: event.tagStart < 0 ? "" : text.slice(event.tagStart, event.tagEnd),
        });
        break;
      case EVENT_ID.ALIAS:
        composition.addAlias(text.slice(event.anchorStart, event.anchorEnd), at);
        break;
      case EVENT_ID.POP:
        composition.close();
        break;
      default:
        event satisfies never;
    }
  }
  return composition.root;
}

/** Directives that define tags are refused with the second document: neither has a use here. */
function refuseSeveralDocuments(text: string, events: readonly Event[], faults: FaultList): void {
  const documents = events.filter((event) => event.type === EVENT_ID.DOCUMENT);
  const definesTags = documents.some(({ directives }) =>
    directives.some(({ kind }) => kind === "tag")
  );
  if (documents.length <= 1 && !definesTags) return;
  const second = events.indexOf(documents[1]!);
  faults.add({
    at: definesTags ? 0 : startOf(events[second + 1]) ?? text.length,
    path: [],
    message: definesTags ? "a %TAG directive" : "several documents in one file",
    got: definesTags ? "tags of its own" : `${documents.length} documents`,
    expected: definesTags ? "none" : "one document",
  });
  throw faults.toError("CONFIG_SYNTAX");
}

/** @returns Where an event stands in the text; undefined when it stands for nothing written. */
function startOf(event: Event | undefined): number | undefined {
  if (event === undefined) return undefined;
  if ("start" in event) return event.start;
  if ("valueStart" in event) return event.valueStart < 0 ? undefined : event.valueStart;
  return "anchorStart" in event ? event.anchorStart - 1 : undefined;
}

function anchorOf(
  text: string,
  event: { readonly anchorStart: number; readonly anchorEnd: number },
): string | null {
  return event.anchorStart < 0 ? null : text.slice(event.anchorStart, event.anchorEnd);
}
