import { getLogger, type Logger } from "@logtape/logtape";

/** Silent until the application configures LogTape for the category `["baton"]`. */
export const configLogger: Logger = getLogger(["baton", "config"]);
