/** Tests of the documents: what they say is what the code does. */
package io.millrace.server.docs;
