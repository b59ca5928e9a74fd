/* test_svg: gnuplot's pictures made part of a page: in the page's colours, and unable to run or to
 * fetch anything. */
#include <stdlib.h>
#include "check.h"
#include "report/svg.h"

static struct plain_buffer buffer;

static void start(void)
{
    free(buffer.data);
    buffer = (struct plain_buffer){0};
}

static const char *text_of(struct plain_buffer *b)
{
    plain_append(b, "", 1);
    return b->data;
}

#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?>\n<svg \n width=\"9\" viewBox=\"0 0 640 400\"\n"                       \
    " xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"

static const char *inlined(const char *svg)
{
    const struct svg_names names = {"f", "A \"title\" <", "What it shows"};

    start();
    return svg_inline(&buffer, svg, &names);
}

static void test_svg(void)
{
    CHECK_LOSS("a figure is missing from the page, or two share their ids");
    CHECK_OK(inlined(HEAD
                     "<title>t</title><desc>d</desc><!-- c --><defs><path id='p' d='M0,0'/>"
                     "</defs><g clip-path=\"url(#c)\"><use xlink:href='#p'/></g></svg>\nrest"));
    CHECK_STR(
        text_of(&buffer),
        "<svg style=\"--w:640px\" viewBox=\"0 0 640 400\" xmlns=\"http://www.w3.org/2000/svg\" "
        "role=\"img\" aria-labelledby=\"f-title\" aria-describedby=\"f-desc\">"
        "<title id=\"f-title\">A \"title\" &lt;</title><desc id=\"f-desc\">What it shows</desc>"
        "<defs><path id=\"f-p\" d=\"M0,0\"/></defs>"
        "<g clip-path=\"url(#f-c)\"><use href=\"#f-p\"/></g></svg>");
    CHECK_LOSS("a figure cannot be read on a dark page");
    CHECK_OK(inlined(HEAD "<g color=\"black\" fill='none' stroke = 'rgb(  0,   0,   0)'/>"
                          "<g color='#FFFFFF' fill=\"rgb(0,0,0)\" stroke=\"currentColor\"/>"
                          "<g color='rgb(213,  94,   0)' fill=\"#0072b2\" stroke='white'/>"
                          "<text fill='#010101' stroke='rgb(1,2)'>a &lt; b > c</text></svg>"));
    CHECK(strstr(text_of(&buffer),
                 "</desc><g fill=\"none\" stroke=\"currentColor\"/>"
                 "<g color=\"var(--bg)\" fill=\"currentColor\" "
                 "stroke=\"currentColor\"/>"
                 "<g color=\"var(--rung-5)\" fill=\"var(--rung-2)\" "
                 "stroke=\"var(--bg)\"/>"
                 "<text fill=\"#010101\" stroke=\"rgb(1,2)\">a &lt; b &gt; c</text>"));
}

static void test_hostile_svg(void)
{
    static const char *const bad[][2] = {
        {"<script>1</script>", "<script>"},
        {"<SCRIPT>1</SCRIPT>", "<SCRIPT>"},
        {"<foreignObject/>", "<foreignObject>"},
        {"<image href='x.png'/>", "<image>"},
        {"<a href='#x'/>", "<a>"},
        {"<style>*{}</style>", "<style>"},
        {"<animate/>", "<animate>"},
        {"<g onload='1'/>", "onload"},
        {"<g OnClick='1'/>", "OnClick"},
        {"<use href='http://example.org/x#y'/>", "outside"},
        {"<use xlink:href='data:image/svg+xml,x'/>", "outside"},
        {"<use xlink:href=' #x'/>", "outside"},
        {"<g fill='url(http://example.org/x)'/>", "outside"},
        {"<g fill='URL( #x)'/>", "outside"},
        {"<g fill='url(#a) url(//example.org)'/>", "outside"},
        {"<g style='background:u\\72l(x)'/>", "style"},
        {"<g style='@import x'/>", "style"},
        {"<g style='a:u&#114;l(x)'/>", "style"},
        {"<g xml:base='http://example.org'/>", "xml:base"},
        {"<g fill=red/>", "quotes"},
        {"<g fill/>", "without a value"},
        {"<g fill='<'/>", "inside a value"},
        {"<g fill='x/>", "does not end"},
        {"</svg></g>", ""}, /* ends early, which is allowed: what follows is not taken */
        {"</g>", "out of place"},
        {"<g></svg>", "out of place"},
        {"<![CDATA[x]]>", "svg: <"},
        {"<?php x?>", "svg: <"},
        {"<g", "does not end"},
        {"<!-- x", "missing"},
        {"<title>x", "missing"},
    };
    char svg[1024];

    CHECK_LOSS("a picture runs a script or asks for a file");
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        snprintf(svg, sizeof svg, HEAD "%s</svg>", bad[i][0]);
        if (*bad[i][1]) CHECK_FAILS(inlined(svg), bad[i][1]);
        else CHECK_OK(inlined(svg));
    }
    CHECK_FAILS(inlined("no picture"), "no <svg");
    CHECK_LOSS("a picture that was cut crashes the report");
    snprintf(svg, sizeof svg, HEAD "<g fill='url(#x)'><text>a</text></g></svg>");
    for (size_t n = strlen(svg) - 1; n > 0; n--) {
        svg[n] = 0;
        CHECK(inlined(svg) != NULL);
    }
}

int main(void)
{
    test_svg();
    test_hostile_svg();
    free(buffer.data);
    return check_done();
}
