import { ProgressEventType } from "../progress_event_type.ts";
import { ProgressLevel } from "../progress_level.ts";
import { jsonObject, member, nullable, optional, required, text, time } from "./field.ts";
import type { JsonObject } from "./json_value.ts";
import { RecordShape } from "./record_shape.ts";

/** Wire form of {@link ProgressEvent}: keys in snake_case, null for what is absent. */
export interface ProgressEventDict {
  /** See {@link ProgressEvent.eventType}. */
  readonly event_type: ProgressEventType;
  /** See {@link ProgressEvent.timestamp}. */
  readonly timestamp: string;
  /** See {@link ProgressEvent.data}. */
  readonly data: JsonObject;
  /** See {@link ProgressEvent.layerName}. */
  readonly layer_name: string | null;
  /** See {@link ProgressEvent.categoryName}. */
  readonly category_name: string | null;
  /** See {@link ProgressEvent.taskId}. */
  readonly task_id: string | null;
  /** See {@link ProgressEvent.message}. */
  readonly message: string | null;
  /** See {@link ProgressEvent.level}. */
  readonly level: ProgressLevel;
}

/** What a {@link ProgressEvent} is made of. Its type and time must be given. */
export interface ProgressEventOptions
  extends Partial<Omit<ProgressEvent, "eventType" | "timestamp" | "toDict" | "toJSON">> {
  /** See {@link ProgressEvent.eventType}. */
  readonly eventType: ProgressEventType;
  /** See {@link ProgressEvent.timestamp}. */
  readonly timestamp: Date | string;
}

const SHAPE = new RecordShape("ProgressEvent", {
  eventType: required(member(ProgressEventType)),
  timestamp: required(time),
  data: optional(jsonObject, Object.freeze({})),
  layerName: nullable(text),
  categoryName: nullable(text),
  taskId: nullable(text),
  message: nullable(text),
  level: optional(member(ProgressLevel), ProgressLevel.INFO),
});

/**
 * Something that happened in a run, as it is told to whoever follows it.
 *
 * The time is a UTC ISO text; give a `Date` or an ISO text, one without a zone is taken for UTC.
 *
 * @example Tell that a layer began
 * ```ts
 * import { ProgressEvent, ProgressEventType } from "@baton/orchestration/enums";
 *
 * const event = new ProgressEvent({
 *   eventType: ProgressEventType.LAYER_STARTED,
 *   timestamp: new Date(0),
 *   layerName: "fast_feedback",
 * });
 * if (event.timestamp !== "1970-01-01T00:00:00.000Z") throw new Error("unexpected");
 * ```
 */
export class ProgressEvent {
  /** What happened. */
  readonly eventType: ProgressEventType;
  /** When it happened. */
  readonly timestamp: string;
  /** What else is known about it. @default nothing */
  readonly data: JsonObject;
  /** The layer it belongs to; null for none. @default null */
  readonly layerName: string | null;
  /** The category it belongs to; null for none. @default null */
  readonly categoryName: string | null;
  /** The background task it belongs to; null for none. @default null */
  readonly taskId: string | null;
  /** A text for people; null for none. @default null */
  readonly message: string | null;
  /** How important it is. @default "info" */
  readonly level: ProgressLevel;

  /**
   * Makes a record, copies what it is given and checks it.
   *
   * @param options The values; those that are left out take their defaults.
   * @throws {InvalidRecordError} when something is missing, unknown or cannot be, all of it at once.
   */
  constructor(options: ProgressEventOptions) {
    const values = SHAPE.fromOptions(options);
    this.eventType = values.eventType;
    this.timestamp = values.timestamp;
    this.data = values.data;
    this.layerName = values.layerName;
    this.categoryName = values.categoryName;
    this.taskId = values.taskId;
    this.message = values.message;
    this.level = values.level;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What was read. Unknown keys are ignored; absent ones take their defaults.
   * @returns The record.
   * @throws {InvalidRecordError} when something is missing or cannot be, all of it at once.
   */
  static fromDict(dict: unknown): ProgressEvent {
    return new ProgressEvent(SHAPE.fromDict(dict));
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): ProgressEventDict {
    return {
      event_type: this.eventType,
      timestamp: this.timestamp,
      data: this.data,
      layer_name: this.layerName,
      category_name: this.categoryName,
      task_id: this.taskId,
      message: this.message,
      level: this.level,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form.
   */
  toJSON(): ProgressEventDict {
    return this.toDict();
  }
}
