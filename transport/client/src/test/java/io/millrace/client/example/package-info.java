/**
 * The examples of the documentation, so that they compile.
 */
package io.millrace.client.example;
