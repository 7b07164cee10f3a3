import { getLogger, type Logger } from "@logtape/logtape";

/** Silent until the application configures LogTape for the category `["baton"]`. */
export const engineLogger: Logger = getLogger(["baton", "engines"]);
