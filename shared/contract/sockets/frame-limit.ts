/**
 * Bytes of the largest frame. API Gateway closes a connection that sends a larger one, with the code 1009.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-execution-service-websocket-limits-table.html
 */
export const largestFrame = 32 * 1024;
