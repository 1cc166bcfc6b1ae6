/**
 * Filter policies of subscriptions: compiled once to a program of bytes, evaluated over a message without allocating, and an index
 * that finds the few of many policies that a message can match.
 *
 * <p>What is hostile costs bounded time and no stack: nothing here recurses, and every structure has a limit of its own.
 */
package io.millrace.kernel.filter;
