import { WorkStatus } from "../../enums/work_status.ts";
import { DictFields } from "./dict_fields.ts";
import type { WorkRecord } from "./work_record.ts";

/** Wire form of {@link WorkInfo}: keys in snake_case. */
export interface WorkInfoDict {
  /** See {@link WorkInfo.id}. */
  readonly id: string;
  /** See {@link WorkInfo.status}. */
  readonly status: WorkStatus;
  /** See {@link WorkInfo.payload}. */
  readonly payload: unknown;
  /** See {@link WorkInfo.labels}. */
  readonly labels: Readonly<Record<string, string>>;
  /** See {@link WorkInfo.priority}. */
  readonly priority: number;
  /** See {@link WorkInfo.attempt}. */
  readonly attempt: number;
  /** See {@link WorkInfo.maxAttempts}. */
  readonly max_attempts: number;
  /** See {@link WorkInfo.assignee}. */
  readonly assignee: string;
  /** See {@link WorkInfo.progress}. */
  readonly progress: number;
  /** See {@link WorkInfo.result}. */
  readonly result: unknown;
  /** See {@link WorkInfo.error}. */
  readonly error: string | null;
  /** See {@link WorkInfo.createdAt}. */
  readonly created_at: string;
  /** See {@link WorkInfo.updatedAt}. */
  readonly updated_at: string;
}

/** What {@link WorkInfo} is made of. */
export type WorkInfoFields = Omit<WorkInfo, "toDict" | "toJSON">;

/** An item of work as it stood when it was read. */
export class WorkInfo {
  /** The item's id. */
  readonly id: string;
  /** Where it stands. */
  readonly status: WorkStatus;
  /** What to do. */
  readonly payload: unknown;
  /** The labels that a member must have for it. */
  readonly labels: Readonly<Record<string, string>>;
  /** The greater, the earlier it is taken. */
  readonly priority: number;
  /** How many attempts were begun since it was assigned or driven again. */
  readonly attempt: number;
  /** After how many failed attempts it is given up. */
  readonly maxAttempts: number;
  /** The member that has it, or had it last. */
  readonly assignee: string;
  /** The greatest progress that the last attempt reported. */
  readonly progress: number;
  /** Its result; null until it is completed. */
  readonly result: unknown;
  /** What ended the last attempt that failed; null for none, and once it is completed. */
  readonly error: string | null;
  /** When it was assigned first, UTC ISO by the clock of the leader then: for people. */
  readonly createdAt: string;
  /** When it was last written, UTC ISO by the writer's clock: for people. */
  readonly updatedAt: string;

  /**
   * Makes an entry.
   *
   * @param fields The values; labels are copied.
   */
  constructor(fields: WorkInfoFields) {
    this.id = fields.id;
    this.status = fields.status;
    this.payload = fields.payload;
    this.labels = Object.freeze({ ...fields.labels });
    this.priority = fields.priority;
    this.attempt = fields.attempt;
    this.maxAttempts = fields.maxAttempts;
    this.assignee = fields.assignee;
    this.progress = fields.progress;
    this.result = fields.result;
    this.error = fields.error;
    this.createdAt = fields.createdAt;
    this.updatedAt = fields.updatedAt;
    Object.freeze(this);
  }

  /**
   * Reads the wire form.
   *
   * @param dict What {@link WorkInfo.toDict} gave, or JSON gave back.
   * @returns The entry.
   * @throws {TypeError} when a field is not what it should be.
   */
  static fromDict(dict: unknown): WorkInfo {
    const fields = new DictFields(dict);
    return new WorkInfo({
      id: fields.text("id"),
      status: fields.oneOf("status", Object.values(WorkStatus)),
      payload: fields.json("payload"),
      labels: fields.texts("labels"),
      priority: fields.number("priority"),
      attempt: fields.number("attempt"),
      maxAttempts: fields.number("max_attempts"),
      assignee: fields.text("assignee"),
      progress: fields.number("progress"),
      result: fields.json("result"),
      error: fields.textOrNull("error"),
      createdAt: fields.text("created_at"),
      updatedAt: fields.text("updated_at"),
    });
  }

  /**
   * Puts it into wire form.
   *
   * @returns The wire form.
   */
  toDict(): WorkInfoDict {
    return {
      id: this.id,
      status: this.status,
      payload: this.payload,
      labels: { ...this.labels },
      priority: this.priority,
      attempt: this.attempt,
      max_attempts: this.maxAttempts,
      assignee: this.assignee,
      progress: this.progress,
      result: this.result,
      error: this.error,
      created_at: this.createdAt,
      updated_at: this.updatedAt,
    };
  }

  /**
   * Puts it into wire form, for `JSON.stringify`.
   *
   * @returns The wire form, for `JSON.stringify`.
   */
  toJSON(): WorkInfoDict {
    return this.toDict();
  }
}

/** @returns What people and programs are shown of a record. */
export function describeWork(record: WorkRecord): WorkInfo {
  const { payload, result, writtenAt, ...same } = record;
  return new WorkInfo({
    ...same,
    payload: JSON.parse(payload),
    result: result === null ? null : JSON.parse(result),
    updatedAt: writtenAt,
  });
}
